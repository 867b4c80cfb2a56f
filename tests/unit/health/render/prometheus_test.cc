// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

std::string text_of(std::vector<Report> reports) {
  Summary summary;
  summary.checked_at_ms = 1767225600123;
  summary.took_ms = 1234;
  summary.reports = std::move(reports);
  return render_prometheus(summary);
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a component is in one state, with a sample for each") {
  for (const State state :
       {State::skipped, State::ok, State::unknown, State::degraded, State::down}) {
    const std::string text = text_of({{"a", "A", "", "", -1, {{"c", state, Cause::none, "", ""}}}});
    int set = 0, samples = 0;
    for (const State one :
         {State::skipped, State::ok, State::unknown, State::degraded, State::down}) {
      const std::string series = "socbridge_health_component_state{component=\"a\",state=\"" +
                                 std::string(state_name(one)) + "\"} ";
      samples += holds(text, series);
      set += holds(text, series + "1\n");
    }
    CHECK(samples == 5);
    CHECK(set == 1);
    CHECK(holds(text, "state=\"" + std::string(state_name(state)) + "\"} 1\n"));
  }
}

TEST_CASE("checks have their severity; skipped ones have no sample") {
  const std::string text = text_of({{"a",
                                     "A",
                                     "",
                                     "",
                                     -1,
                                     {{"one", State::ok, Cause::none, "", ""},
                                      {"two", State::unknown, Cause::none, "", ""},
                                      {"three", State::degraded, Cause::none, "", ""},
                                      {"four", State::down, Cause::none, "", ""},
                                      {"five", State::skipped, Cause::none, "", ""}}}});
  const char* const names[] = {"one", "two", "three", "four"};
  for (int i = 0; i < 4; ++i) {
    CHECK(holds(text, "socbridge_health_check_severity{component=\"a\",check=\"" +
                          std::string(names[i]) + "\"} " + std::to_string(i) + "\n"));
  }
  CHECK_FALSE(holds(text, "check=\"five\""));
}

TEST_CASE("prometheus: unknown values have no sample") {
  const std::string none = text_of({{"a", "A", "", "", -1, {}}});
  CHECK_FALSE(holds(none, "answer_seconds{"));
  CHECK_FALSE(holds(none, "component_info{"));
  const std::string known = text_of({{"a", "A", "", "1.2", 0, {}}});
  CHECK(holds(known, "socbridge_health_answer_seconds{component=\"a\"} 0.000\n"));
  CHECK(holds(known, "socbridge_health_component_info{component=\"a\",version=\"1.2\"} 1\n"));
}

TEST_CASE("prometheus: times are in seconds") {
  const std::string text = text_of({{"a", "A", "", "", 2345, {}}});
  CHECK(holds(text, "socbridge_health_answer_seconds{component=\"a\"} 2.345\n"));
  CHECK(holds(text, "socbridge_health_last_run_timestamp_seconds 1767225600.123\n"));
  CHECK(holds(text, "socbridge_health_run_duration_seconds 1.234\n"));
}

TEST_CASE("a hostile version or name of a check stays one label of one line") {
  const std::string calm =
      text_of({{"a", "A", "", "v", -1, {{"c", State::ok, Cause::none, "", ""}}}});
  const std::string text = text_of(
      {{"a", "A", "", "1\"} 5\nevil 1\n\\", -1, {{"c\"}\n\x1b", State::ok, Cause::none, "", ""}}}});
  CHECK(std::count(text.begin(), text.end(), '\n') == std::count(calm.begin(), calm.end(), '\n'));
  CHECK_FALSE(holds(text, "\nevil"));
  CHECK_FALSE(holds(text, "\x1b"));
  CHECK(holds(text, "version=\"1\\\"} 5"));
}

TEST_CASE("a canary alone has no series of a run of the probes") {
  const Report canary = {"canary", "Canary", "", "", -1, {}};
  const std::string alone = text_of({canary});
  CHECK(holds(alone, "socbridge_health_canary_last_run_timestamp_seconds 1767225600.123\n"));
  CHECK_FALSE(holds(alone, "socbridge_health_last_run"));
  CHECK_FALSE(holds(alone, "run_duration"));
  const std::string both = text_of({{"a", "A", "", "", 1, {}}, canary});
  CHECK(holds(both, "socbridge_health_canary_last_run_timestamp_seconds "));
  CHECK(holds(both, "socbridge_health_last_run_timestamp_seconds "));
  CHECK(holds(both, "socbridge_health_run_duration_seconds "));
  CHECK_FALSE(holds(text_of({{"a", "A", "", "", 1, {}}}), "canary"));
}

TEST_CASE("a run without components has the times of the run") {
  const std::string text = text_of({});
  CHECK(holds(text, "socbridge_health_last_run_timestamp_seconds "));
  CHECK_FALSE(holds(text, "component=\""));
}

}  // namespace socbridge::health
