// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/markdown.h"
#include "health/render/render.h"

namespace socbridge::health {
namespace {

constexpr std::size_t kCellMax = 500;

std::string cell(std::string_view text) {
  return text.empty() ? std::string("-") : mapping::escape_markdown(text, kCellMax);
}

const char* mark(State state) {
  switch (state) {
    case State::ok: return "✅ ok";
    case State::skipped: return "⚪ skipped";
    case State::unknown: return "❔ unknown";
    case State::degraded: return "⚠️ degraded";
    case State::down: return "❌ down";
  }
  return "";
}

}  // namespace

std::string render_markdown(const Summary& summary) {
  std::string out = "## SOC health: " + std::string(mark(summary.state())) + "\n\n";
  out += counts_text(summary) + ", checked at " + format_utc(summary.checked_at_ms) + " in " +
         std::to_string(summary.took_ms) + " ms.\n\n";
  out += "| component | state | latency | version | reason |\n|---|---|---|---|---|\n";
  for (const Report& report : summary.reports) {
    out += "| " + cell(report.title) + " | " + mark(report.state()) + " | " +
           latency_text(report.latency_ms) + " | " + cell(report.version) + " | " +
           cell(reason_text(report)) + " |\n";
  }
  std::string next;
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      if (check.state <= State::ok) continue;
      next += "- **" + cell(report.title) + ", " + cell(check.name) + "**: " + cell(check.detail);
      if (!check.next.empty()) next += ". Next: " + cell(check.next);
      next += "\n";
    }
  }
  if (!next.empty()) out += "\n### What to do\n\n" + next;
  return out;
}

}  // namespace socbridge::health
