// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "health/render/render.h"
#include "term/records.h"

namespace socbridge::health {
namespace {

term::Style style_of(State state) {
  switch (state) {
    case State::ok: return term::Style::green;
    case State::skipped: return term::Style::dim;
    case State::unknown: return term::Style::blue;
    case State::degraded: return term::Style::yellow;
    case State::down: return term::Style::red;
  }
  return term::Style::none;
}

void add_checks(term::Records& records, const Summary& summary, bool with_cause) {
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      std::vector<term::Cell> cells = {
          {report.component}, {check.name}, {state_name(check.state), style_of(check.state)}};
      if (with_cause) cells.push_back({cause_name(check.cause)});
      cells.push_back({check.detail});
      cells.push_back({check.next});
      records.add(std::move(cells), "{}");
    }
  }
}

std::string next_steps(const Summary& summary) {
  std::string out;
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      if (check.state <= State::ok || check.next.empty()) continue;
      out += printable("  " + report.component + ", " + check.name + ": " + check.next, SIZE_MAX);
      out += "\n";
    }
  }
  return out.empty() ? out : "\nNext:\n" + out;
}

}  // namespace

std::string render_plain(const Summary& summary) {
  std::string out;
  term::Records records(term::Format::plain, {}, {},
                        [&](std::string_view text) { out.append(text); });
  add_checks(records, summary, true);
  records.finish();
  return out;
}

std::string render_table(const Summary& summary, const term::Terminal& terminal, bool all_checks) {
  std::string out;
  const auto sink = [&](std::string_view text) { out.append(text); };
  if (all_checks) {
    term::Records records(term::Format::table, terminal,
                          {"COMPONENT", "CHECK", "STATE", "DETAIL", "NEXT"}, sink);
    add_checks(records, summary, false);
    records.finish();
    return out;
  }
  term::Records records(term::Format::table, terminal,
                        {"COMPONENT", "STATE", "LATENCY", "VERSION", "REASON"}, sink);
  for (const Report& report : summary.reports) {
    const State state = report.state();
    records.add({{report.component},
                 {state_name(state), style_of(state)},
                 {latency_text(report.latency_ms)},
                 {report.version.empty() ? "-" : report.version},
                 {reason_text(report)}},
                "{}");
  }
  records.finish();
  return out + next_steps(summary);
}

}  // namespace socbridge::health
