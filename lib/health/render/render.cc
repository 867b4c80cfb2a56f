// SPDX-License-Identifier: Apache-2.0
#include "health/render/render.h"

#include <array>
#include <vector>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

struct Named {
  std::string_view name;
  Format format;
};
constexpr std::array<Named, 10> kNames = {{{"table", Format::table},
                                           {"plain", Format::plain},
                                           {"json", Format::json},
                                           {"jsonl", Format::jsonl},
                                           {"yaml", Format::yaml},
                                           {"junit", Format::junit},
                                           {"prometheus", Format::prometheus},
                                           {"nagios", Format::nagios},
                                           {"md", Format::md},
                                           {"html", Format::html}}};

std::string render_yaml(const Summary& summary) {
  const auto document = json::Document::parse(render_json(summary));
  return document.ok() ? json::to_yaml(document->root()) : std::string();
}

}  // namespace

Result<Format> parse_format(std::string_view text) {
  if (text.empty()) return Format::automatic;
  std::vector<std::string_view> names;
  std::string all;
  for (const Named& one : kNames) {
    if (one.name == text) return one.format;
    names.push_back(one.name);
    all += (all.empty() ? "" : ", ") + std::string(one.name);
  }
  const std::string_view near = nearest(text, names);
  return Status::error(
      ExitCode::usage, "unknown output format \"" + printable(text, 40) + "\"",
      near.empty() ? "use one of " + all : "did you mean \"" + std::string(near) + "\"?");
}

std::string render(Format format, const Summary& summary, const term::Terminal& terminal,
                   bool all_checks) {
  switch (format) {
    case Format::automatic:
      return terminal.tty ? render_table(summary, terminal, all_checks) : render_plain(summary);
    case Format::table: return render_table(summary, terminal, all_checks);
    case Format::plain: return render_plain(summary);
    case Format::json: return json::pretty(render_json(summary)) + "\n";
    case Format::jsonl: return render_jsonl(summary);
    case Format::yaml: return render_yaml(summary);
    case Format::junit: return render_junit(summary);
    case Format::prometheus: return render_prometheus(summary);
    case Format::nagios: return render_nagios(summary);
    case Format::md: return render_markdown(summary);
    case Format::html: return render_html(summary);
  }
  return {};
}

std::string counts_text(const Summary& summary) {
  std::string out;
  for (const State state :
       {State::down, State::degraded, State::unknown, State::ok, State::skipped}) {
    const std::size_t count = summary.count(state);
    if (count == 0) continue;
    out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + state_name(state);
  }
  return out.empty() ? "nothing checked" : out;
}

std::string latency_text(std::int64_t ms) { return ms < 0 ? "-" : std::to_string(ms) + " ms"; }

std::string reason_text(const Report& report) {
  const Check* worst = report.worst();
  if (worst == nullptr) return {};
  if (worst->state > State::ok) return worst->name + ": " + worst->detail;
  if (worst->state == State::skipped) return worst->detail;
  std::size_t ok = 0;
  for (const Check& check : report.checks) ok += check.state == State::ok ? 1 : 0;
  return std::to_string(ok) + " checks ok";
}

}  // namespace socbridge::health
