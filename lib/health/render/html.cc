// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "health/render/page_style.h"
#include "health/render/render.h"

namespace socbridge::health {
namespace {

// A symbol in addition to the colour, for colour-blind readers.
const char* sign(State state) {
  switch (state) {
    case State::ok: return "✓";
    case State::skipped: return "–";
    case State::unknown: return "?";
    case State::degraded: return "!";
    case State::down: return "✕";
  }
  return "";
}

std::string badge(State state) {
  return fmt::format("<span class=\"badge {0}\"><b>{1}</b> {0}</span>", state_name(state),
                     sign(state));
}

std::string check_item(const Check& check) {
  std::string out = fmt::format("<li>{}<div><strong>{}</strong> {}", badge(check.state),
                                escape_html(check.name), escape_html(check.detail));
  if (check.state > State::ok && check.cause != Cause::none) {
    out += fmt::format(" <small>({})</small>", cause_name(check.cause));
  }
  if (!check.next.empty()) {
    out += fmt::format("<p class=\"next\">{}</p>", escape_html(check.next));
  }
  return out + "</div></li>\n";
}

std::string component(const Report& report) {
  const State state = report.state();
  std::string facts;
  const auto fact = [&](const std::string& text) {
    if (!text.empty()) facts += (facts.empty() ? "" : " · ") + escape_html(text);
  };
  fact(report.url);
  fact(report.version.empty() ? "" : "version " + report.version);
  fact(report.latency_ms < 0 ? "" : latency_text(report.latency_ms));
  std::string out = fmt::format(
      "<details class=\"{}\"{}><summary>{}<h2>{}</h2><span class=\"reason\">{}</span></summary>\n",
      state_name(state), state > State::ok ? " open" : "", badge(state), escape_html(report.title),
      escape_html(reason_text(report)));
  if (!facts.empty()) out += "<p class=\"facts\">" + facts + "</p>\n";
  out += "<ul>\n";
  for (const Check& check : report.checks) out += check_item(check);
  return out + "</ul></details>\n";
}

// With --watch the page reloads at the interval of the runs.
std::string refresh(const Summary& summary) {
  if (summary.again_ms <= 0) return {};
  constexpr std::int64_t kMsOfSecond = 1000;
  const std::int64_t seconds = std::max<std::int64_t>(1, summary.again_ms / kMsOfSecond);
  return fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", seconds);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : printable(text, SIZE_MAX)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string render_html(const Summary& summary) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n{}"
      "<title>SOC health: {}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
      refresh(summary), state_name(summary.state()), kPageStyle);
  out += fmt::format("<header>{}<h1>SOC health</h1><p>{}<br>{} · took {} ms</p></header>\n",
                     badge(summary.state()), counts_text(summary),
                     format_utc(summary.checked_at_ms), summary.took_ms);
  out += "<figure>" + render_map(summary) + "</figure>\n";
  out += render_strip(summary);
  for (const Report& report : summary.reports) out += component(report);
  if (!summary.history.empty()) {
    out += std::string(kHistoryMark) + history_json(summary.history) + " -->\n";
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace socbridge::health
