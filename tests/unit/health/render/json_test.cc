// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/render/render.h"
#include "json/value.h"

namespace socbridge::health {
namespace {

Summary of(std::vector<Report> reports) {
  Summary summary;
  summary.checked_at_ms = 1767225600123;
  summary.took_ms = 1234;
  summary.reports = std::move(reports);
  return summary;
}

json::Document parsed(const std::string& text) {
  auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

const Check kWell{"answer", State::ok, Cause::none, "in 5 ms", ""};

}  // namespace

TEST_CASE("health as JSON: the run, its state and its exit code") {
  const auto document = parsed(render_json(
      of({{"thehive", "TheHive", "http://t", "5.7", 5, {kWell}},
          {"cortex", "Cortex", "", "", -1, {{"key", State::down, Cause::auth, "no", "ask"}}}})));
  const json::Value root = document.root();
  CHECK(root["checked_at"].text() == "2026-01-01T00:00:00.123Z");
  CHECK(root["took_ms"].integer() == 1234);
  CHECK(root["state"].text() == "down");
  CHECK(root["exit_code"].integer() == 4);
  REQUIRE(root["components"].size() == 2);
  const json::Value hive = root["components"].at(0);
  CHECK(hive["component"].text() == "thehive");
  CHECK(hive["url"].text() == "http://t");
  CHECK(hive["version"].text() == "5.7");
  CHECK(hive["latency_ms"].integer() == 5);
  CHECK(hive["reason"].text().starts_with("1 check"));
  const json::Value cortex = root["components"].at(1);
  CHECK(cortex["state"].text() == "down");
  CHECK(cortex["latency_ms"].dump() == "null");
  CHECK(cortex["checks"].at(0)["cause"].text() == "auth");
  CHECK(cortex["checks"].at(0)["next"].text() == "ask");
  CHECK_FALSE(hive["checked_at"]);
  CHECK_FALSE(root["history"]);
}

TEST_CASE("health as JSON: a threshold has its unit, its side and null for never") {
  Check number = kWell, duration = kWell, percent = kWell;
  number.threshold =
      Threshold{"wazuh", "log", Threshold::Unit::number, Threshold::Bad::above, 0, 7, ""};
  duration.threshold = Threshold{"thehive",
                                 "licence",
                                 Threshold::Unit::duration,
                                 Threshold::Bad::below,
                                 Threshold::kNever,
                                 Threshold::kNever,
                                 ""};
  percent.threshold =
      Threshold{"x", "y", Threshold::Unit::percent, Threshold::Bad::above, 1, 100, ""};
  const auto document =
      parsed(render_json(of({{"x", "X", "", "", -1, {number, duration, percent, kWell}}})));
  const json::Value checks = document.root()["components"].at(0)["checks"];
  CHECK(checks.at(0)["threshold"].dump() ==
        R"({"unit":"number","bad":"above","degraded":0,"down":7})");
  CHECK(checks.at(1)["threshold"].dump() ==
        R"({"unit":"ms","bad":"below","degraded":null,"down":null})");
  CHECK(checks.at(2)["threshold"]["unit"].text() == "percent");
  CHECK_FALSE(checks.at(3)["threshold"]);
}

TEST_CASE("health as JSON: the time of a stage is there if it was measured") {
  Check stage = kWell;
  stage.took_ms = 0;
  const auto document = parsed(render_json(of({{"canary", "Canary", "", "", -1, {stage, kWell}}})));
  const json::Value checks = document.root()["components"].at(0)["checks"];
  CHECK(checks.at(0)["took_ms"].integer() == 0);
  CHECK_FALSE(checks.at(1)["took_ms"]);
}

TEST_CASE("health as JSON lines: each component stands alone with the time of the run") {
  const std::string text =
      render_jsonl(of({{"a", "A", "", "", -1, {kWell}}, {"b\n", "B", "", "", -1, {kWell}}}));
  REQUIRE(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.back() == '\n');
  const auto first = parsed(text.substr(0, text.find('\n')));
  CHECK(first.root()["component"].text() == "a");
  CHECK(first.root()["checked_at"].text() == "2026-01-01T00:00:00.123Z");
  const auto second = parsed(text.substr(text.find('\n') + 1));
  CHECK(second.root()["title"].text() == "B");
  CHECK(render_jsonl(of({})).empty());
}

TEST_CASE("health as JSON: the history of past runs, and a run of nothing") {
  Summary summary = of({});
  summary.history = {{1767225600000, {{"a", State::ok}, {"b", State::down}}}};
  const auto document = parsed(render_json(summary));
  CHECK(document.root()["history"].dump() ==
        R"([{"checked_at":"2026-01-01T00:00:00.000Z","components":{"a":"ok","b":"down"}}])");
  CHECK(document.root()["state"].text() == "skipped");
  CHECK(document.root()["components"].dump() == "[]");
}

}  // namespace socbridge::health
