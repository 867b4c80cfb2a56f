// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

Summary of(std::vector<Report> reports) {
  Summary summary;
  summary.timeout_ms = 10000;
  summary.reports = std::move(reports);
  return summary;
}

Report report(const std::string& component, State state, std::int64_t latency_ms = -1) {
  return {component, component, "", "", latency_ms, {{"c", state, Cause::none, "why", "do"}}};
}

}  // namespace

TEST_CASE("the first word is that of the plug-in's exit code") {
  CHECK(render_nagios(of({})).starts_with("SOC UNKNOWN - "));
  CHECK(render_nagios(of({report("a", State::ok)})).starts_with("SOC OK - 1 ok"));
  CHECK(render_nagios(of({report("a", State::degraded)})).starts_with("SOC WARNING - "));
  CHECK(render_nagios(of({report("a", State::down)})).starts_with("SOC CRITICAL - "));
  CHECK(render_nagios(of({report("a", State::unknown)})).starts_with("SOC UNKNOWN - "));
  for (const State state : {State::ok, State::degraded, State::down, State::unknown}) {
    const Summary summary = of({report("a", state), report("b", State::skipped)});
    const char* const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    CHECK(render_nagios(summary).starts_with(std::string("SOC ") + words[summary.nagios_code()]));
  }
}

TEST_CASE("the worst component is shown first, the first of several") {
  const std::string text = render_nagios(
      of({report("a", State::degraded), report("b", State::down), report("c", State::down)}));
  CHECK(text.substr(0, text.find('\n')) == "SOC CRITICAL - 2 down, 1 degraded; b c: why");
  CHECK(text.substr(text.find('\n') + 1) ==
        "a c degraded: why; do\nb c down: why; do\nc c down: why; do\n");
}

TEST_CASE("performance data has the first answers, with the thresholds of each") {
  Summary summary =
      of({report("a", State::ok, 12), report("b", State::ok, 0), report("c", State::ok)});
  Check& answer = summary.reports[0].checks[0];
  answer.name = "answer";
  answer.threshold = Thresholds().of("thehive", "answer");
  CHECK(render_nagios(summary) == "SOC OK - 3 ok | a=0.012s;2.000;10.000;0 b=0.000s;;10.000;0\n");
  answer.threshold->down = 9000;
  CHECK(render_nagios(summary).find("a=0.012s;2.000;9.000;0 ") != std::string::npos);
  CHECK(render_nagios(of({report("a", State::ok)})).find('|') == std::string::npos);
}

TEST_CASE("a server's text adds no performance data and no line") {
  Summary summary = of({report("a", State::down, 5)});
  summary.reports[0].checks[0].name = "n|1=2";
  summary.reports[0].checks[0].detail = "x | load=99\nOK\r\x1b[2J";
  summary.reports[0].checks[0].next = "| y";
  const std::string text = render_nagios(summary);
  CHECK(std::count(text.begin(), text.end(), '|') == 1);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find_first_of("\r\x1b") == std::string::npos);
}

TEST_CASE("a finding without a next step ends with its reason") {
  Summary summary = of({report("a", State::down)});
  summary.reports[0].checks[0].next.clear();
  CHECK(render_nagios(summary).ends_with("\na c down: why\n"));
}

}  // namespace socbridge::health
