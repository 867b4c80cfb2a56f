// SPDX-License-Identifier: Apache-2.0
#include "health/history.h"

#include <catch2/catch.hpp>

#include "summary.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kMinute = 60000;

History of(std::size_t runs, Summary& summary) {
  History history;
  for (std::size_t i = 0; i < runs; ++i) {
    summary.checked_at_ms += kMinute;
    history.add(summary);
  }
  summary.history = history.runs();
  return history;
}

std::string comment(const std::string& list) {
  return "<p>" + std::string(kHistoryMark) + list + " --></p>";
}

}  // namespace

TEST_CASE("history in a page or JSON is read again, with a limit") {
  for (const Format format : {Format::html, Format::json}) {
    Summary summary = test::sample();
    const History kept = of(History::kMost + 3, summary);
    REQUIRE(kept.runs().size() == History::kMost);
    const History again = History::parse(render(format, summary, {}, false), format);
    REQUIRE(again.runs().size() == History::kMost);
    CHECK(again.runs().back().at_ms == summary.checked_at_ms);
    CHECK(again.runs().front().at_ms ==
          summary.checked_at_ms - static_cast<std::int64_t>(History::kMost - 1) * kMinute);
    CHECK(again.runs().front().components == kept.runs().front().components);
    CHECK(again.runs().front().components[1] ==
          std::pair<std::string, State>("thehive", State::degraded));
  }
}

TEST_CASE("invalid history is skipped") {
  const auto size = [](const std::string& text) {
    return History::parse(text, Format::html).runs().size();
  };
  CHECK(size("") == 0);
  CHECK(size("<html></html>") == 0);
  CHECK(size(std::string(kHistoryMark) + "[") == 0);
  CHECK(size(comment("[")) == 0);
  CHECK(size(comment("{}")) == 0);
  CHECK(size(comment(R"([1,"x",{"checked_at":"yesterday"}])")) == 0);
  const auto history = History::parse(comment(R"([{"checked_at":"2026-01-01T00:00:00Z","components":
        {"thehive":"ok","<script>":"ok","a\"b":"down","cortex":"fine","wazuh":7}},
        {"checked_at":"2026-01-01T00:00:00Z","components":{"thehive":"down"}},
        {"checked_at":"2025-12-31T00:00:00Z","components":{"thehive":"down"}}])"),
                                      Format::html);
  REQUIRE(history.runs().size() == 1);  // in the order of time
  CHECK(history.runs()[0].components ==
        std::vector<std::pair<std::string, State>>{{"thehive", State::ok}});
}

TEST_CASE("after the clock was set back, runs of the future are dropped") {
  Summary summary = test::sample();
  History history = of(3, summary);
  summary.checked_at_ms -= 2 * kMinute;
  history.add(summary);
  CHECK(history.runs().size() == 1);
}

TEST_CASE("the strip has a bar for runs of one state that follow each other") {
  Summary summary = test::sample();
  History history = of(2, summary);
  summary.reports[1].checks = {{"answer", State::ok, Cause::none, "in 5 ms", ""}};
  summary.checked_at_ms += kMinute;
  history.add(summary);
  summary.history = history.runs();
  const std::string strip = render_strip(summary);
  CHECK(strip.find("TheHive: degraded from 2026-01-01 00:01 to 2026-01-01 00:02, 2 runs") !=
        std::string::npos);
  CHECK(strip.find("TheHive: ok from 2026-01-01 00:03 to 2026-01-01 00:03, 1 run<") !=
        std::string::npos);
  CHECK(strip.find("Grafana") == std::string::npos);  // was never configured
  CHECK(render_strip(test::sample()).empty());
}

}  // namespace socbridge::health
