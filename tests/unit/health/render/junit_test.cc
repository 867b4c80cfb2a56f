// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "unit/health/summary.h"

namespace socbridge::health {
namespace {

Summary of(std::vector<Check> checks, std::int64_t latency_ms = -1) {
  Summary summary;
  summary.checked_at_ms = 1767225600123;
  summary.took_ms = 1234;
  summary.reports = {{"x", "X", "", "", latency_ms, std::move(checks)}};
  return summary;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a run without components is a file without suites") {
  const std::string text = render_junit({});
  CHECK(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  CHECK(holds(text,
              "<testsuites name=\"socctl health\" tests=\"0\" failures=\"0\" errors=\"0\" "
              "skipped=\"0\" time=\""));
  CHECK_FALSE(holds(text, "<testsuite "));
}

TEST_CASE("states are counted as CI systems know them, for each suite and in all") {
  Summary summary = of({{"a", State::ok, Cause::none, "", ""},
                        {"b", State::degraded, Cause::slow, "", ""},
                        {"c", State::down, Cause::auth, "", ""},
                        {"d", State::unknown, Cause::auth, "", ""},
                        {"e", State::unknown, Cause::none, "", ""},
                        {"f", State::skipped, Cause::none, "", ""}});
  summary.reports.push_back(summary.reports[0]);
  const std::string text = render_junit(summary);
  CHECK(holds(text, "tests=\"12\" failures=\"4\" errors=\"4\" skipped=\"2\" time=\"1.234\""));
  CHECK(holds(text, "<testsuite name=\"x\" tests=\"6\" failures=\"2\" errors=\"2\" skipped=\"1\""));
  CHECK(holds(text, "timestamp=\"2026-01-01T00:00:00\""));
}

TEST_CASE("each state has its element; skipped checks have no text, ok ones no content") {
  CHECK(holds(render_junit(of({{"a", State::ok, Cause::none, "fine", "x"}})),
              "<testcase classname=\"health.x\" name=\"a\" time=\"0.000\" />"));
  CHECK(holds(render_junit(of({{"a", State::skipped, Cause::none, "not set", "set it"}})),
              "<skipped message=\"not set\" />"));
  CHECK(holds(render_junit(of({{"a", State::down, Cause::auth, "no", "ask"}})),
              "<failure message=\"no\" type=\"down.auth\">no\nNext: ask</failure>"));
  CHECK(holds(render_junit(of({{"a", State::degraded, Cause::slow, "no", ""}})),
              "<failure message=\"no\" type=\"degraded.slow\">no</failure>"));
  CHECK(holds(render_junit(of({{"a", State::unknown, Cause::none, "no", ""}})),
              "<error message=\"no\" type=\"unknown.none\">no</error>"));
}

TEST_CASE("the time of the first answer is that of the suite and of its case") {
  const std::string text = render_junit(of(
      {{"answer", State::ok, Cause::none, "", ""}, {"key", State::ok, Cause::none, "", ""}}, 2345));
  CHECK(holds(text, "name=\"answer\" time=\"2.345\""));
  CHECK(holds(text, "name=\"key\" time=\"0.000\""));
  CHECK(holds(text, "skipped=\"0\" time=\"2.345\" timestamp"));
}

TEST_CASE("markup and controls of a server are text") {
  const std::string text = render_junit(
      of({{"a\"<", State::down, Cause::refused, "]]><x a='b'>\x01\n&amp;", "\x1b</failure>"}}));
  CHECK_FALSE(holds(text, "<x "));
  CHECK_FALSE(holds(text, "\x1b"));
  CHECK_FALSE(holds(text, "\x01"));
  CHECK(holds(text, "name=\"a&quot;&lt;\""));
  CHECK(text.find("</failure>") == text.rfind("</failure>"));
}

TEST_CASE("a time that has no date leaves a file that can be read") {
  Summary summary = of({{"a", State::ok, Cause::none, "", ""}});
  summary.checked_at_ms = INT64_MAX;
  CHECK(holds(render_junit(summary), "timestamp=\""));
}

}  // namespace socbridge::health
