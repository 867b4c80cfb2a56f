// SPDX-License-Identifier: Apache-2.0
#include "context/connector_report.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::context {
namespace {

using opencti::Connector;
using opencti::Connectors;
using opencti::Health;
using opencti::Schedule;

constexpr UnixMillis kNow = 1764000000000;
constexpr std::int64_t kMinute = 60000, kHour = 60 * kMinute, kDay = 24 * kHour;

Connector named(const char* name, UnixMillis last_run_ms = kNow - kHour) {
  Connector out;
  out.id = std::string("id-") + name;
  out.name = name;
  out.last_run_ms = last_run_ms;
  out.active = true;
  return out;
}

Connectors of(std::vector<Connector> connectors, std::int64_t workers = 3) {
  Connectors out;
  out.connectors = std::move(connectors);
  out.workers = workers;
  return out;
}

Schedule every(const char* name, std::int64_t period_ms) {
  return {name, {name}, Schedule::Mode::periodic, period_ms, 0};
}

}  // namespace

TEST_CASE("each connector has a line with its schedule and verdict") {
  const auto lines = report(of({named("MISP"), named("other")}), {every("misp", kDay)}, {}, kNow);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].expected_as == "misp");
  CHECK(lines[0].every == "1d");
  CHECK(lines[0].verdict.health == Health::ok);
  CHECK(lines[0].counts);
  CHECK(lines[1].expected_as.empty());
  CHECK(lines[1].every.empty());
  CHECK(lines[1].counts);
  CHECK(report(of({}), {every("misp", kDay)}, {}, kNow).empty());
}

TEST_CASE("with --expect only the expected connectors count, and a missing one has a line") {
  const std::vector<Schedule> all = {every("misp", kDay), every("otx", kHour)};
  const auto lines = report(of({named("MISP"), named("other", 0)}), all, all, kNow);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].counts);
  CHECK_FALSE(lines[1].counts);
  CHECK(lines[2].connector.name == "otx");
  CHECK(lines[2].verdict.health == Health::missing);
  CHECK(lines[2].counts);
  CHECK(lines[2].every == "1h");
}

TEST_CASE("a period is printed in the largest exact unit") {
  const auto text = [](std::int64_t ms) {
    return report(of({named("x")}), {every("x", ms)}, {}, kNow).at(0).every;
  };
  CHECK(text(7 * kDay) == "7d");
  CHECK(text(36 * kHour) == "36h");
  CHECK(text(90 * kMinute) == "90m");
  CHECK(text(30000) == "30s");
  CHECK(text(90000) == "90s");
  Schedule always = every("x", 0);
  always.mode = Schedule::Mode::always;
  CHECK(report(of({named("x")}), {always}, {}, kNow).at(0).every == "always");
}

TEST_CASE("ok if all counted connectors are ok, with workers or an unknown number of them") {
  const std::vector<Schedule> daily = {every("misp", kDay)};
  const auto code = [&](std::vector<Connector> connectors, std::int64_t workers = 3) {
    const Connectors found = of(std::move(connectors), workers);
    return exit_code_of(report(found, daily, daily, kNow), found);
  };
  CHECK(code({named("MISP")}) == ExitCode::ok);
  CHECK(code({named("MISP")}, -1) == ExitCode::ok);
  CHECK(code({named("MISP")}, 0) == ExitCode::degraded);
  CHECK(code({named("MISP", kNow - 2 * kDay)}) == ExitCode::degraded);
  CHECK(code({}) == ExitCode::degraded);
  Connector down = named("other");
  down.buffering = true;
  CHECK(code({named("MISP"), down}) == ExitCode::ok);
}

TEST_CASE("a line as JSON: unknown times are null, texts stay texts") {
  ConnectorLine line;
  line.connector = named("a\"b\n", 0);
  line.connector.errors = 2;
  line.connector.pinged_ms = kNow;
  line.verdict = {Health::stale, "late"};
  const auto document = json::Document::parse(to_json(line));
  REQUIRE(document.ok());
  CHECK(document->root()["name"].string() == "a\"b\n");
  CHECK(document->root()["state"].string() == "stale");
  CHECK(document->root()["last_run"].type() == json::Type::null);
  CHECK(document->root()["pinged"].string() == "2025-11-24T16:00:00.000Z");
  CHECK(document->root()["errors"].integer() == 2);
}

TEST_CASE("schedules are chosen by name in any case; an unknown one is refused") {
  const std::vector<Schedule> all = {every("misp", kDay), every("otx", kHour)};
  CHECK(choose(all, {}).value().empty());
  const auto two = choose(all, {"OTX", "misp"});
  REQUIRE(two.ok());
  CHECK((*two)[0].name == "otx");
  CHECK(choose(all, {"mispp"}).status().line() ==
        "--expect: no connector \"mispp\" is configured; did you mean \"misp\"?");
  CHECK_THAT(
      choose(all, {"\x1b[2J"}).status().line(),
      Catch::EndsWith("add it to the section \"connectors\"; see socctl help configuration"));
  CHECK(choose(all, {"\x1b[2J"}).status().line().find('\x1b') == std::string::npos);
}

}  // namespace socbridge::context
