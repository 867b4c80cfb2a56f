// SPDX-License-Identifier: Apache-2.0
// The section "connectors" of socctl's configuration.
#include <catch2/catch.hpp>

#include "context/connector_report.h"
#include "support/temp_dir.h"

namespace socbridge::context {
namespace {

using opencti::Schedule;

constexpr std::int64_t kMinute = 60000, kHour = 60 * kMinute, kDay = 24 * kHour;

// Reads the section of a configuration of this text.
struct Fixture : socbridge::test::TempDir {
  Result<std::vector<Schedule>> read(const std::string& connectors) const {
    profile::Flags flags;
    flags.config_file = write("config.json", R"({"connectors":)" + connectors + "}");
    profile::SystemPaths system;
    system.system_config = *this / "none.json";
    return read_schedules(Env::real(), flags, system);
  }
  Schedule one(const std::string& connectors, std::string_view name) const {
    const auto all = read(connectors);
    INFO(all.status().line());
    REQUIRE(all.ok());
    for (const Schedule& schedule : *all) {
      if (schedule.name == name) return schedule;
    }
    return {};
  }
  std::string error(const std::string& connectors) const {
    const auto all = read(connectors);
    REQUIRE_FALSE(all.ok());
    CHECK(all.status().code() == ExitCode::usage);
    return all.status().line();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the usual schedules are there, changed and added to") {
  CHECK(one("{}", "mitre").period_ms == 7 * kDay);
  const Schedule changed = one(R"({"mitre":{"every":"14d","slack":"2d"}})", "mitre");
  CHECK(changed.period_ms == 14 * kDay);
  CHECK(changed.slack_ms == 2 * kDay);
  CHECK(changed.match == std::vector<std::string>{"mitre"});
  const Schedule own = one(R"({"feed":{"match":["id-1","My Feed"],"every":"30m"}})", "feed");
  CHECK(own.mode == Schedule::Mode::periodic);
  CHECK(own.match == std::vector<std::string>{"id-1", "My Feed"});
  CHECK(own.period_ms == 30 * kMinute);
  CHECK(one(R"({"feed":{"mode":"always"}})", "feed").match == std::vector<std::string>{"feed"});
}

TEST_CASE_METHOD(Fixture, "what is wrong is said with its place") {
  CHECK_THAT(error(R"({"feed":{}})"),
             Catch::Contains("config.json:1:") &&
                 Catch::Contains("\"feed\" needs \"every\"; set how often it runs, such as 1d"));
  CHECK_THAT(error(R"({"feed":5})"), Catch::Contains("\"feed\" must be an object"));
  for (const char* duration : {"soon", "", "-1d", "7x", "99999999999999999999d"}) {
    CAPTURE(duration);
    CHECK_THAT(error(R"({"feed":{"every":")" + std::string(duration) + "\"}}"),
               Catch::Contains("\"feed.every\" is not a duration; examples: 30m, 6h, 7d"));
  }
  CHECK_THAT(error(R"({"feed":{"evry":"1d"}})"), Catch::Contains("every"));
  CHECK_THAT(error(R"({"feed":{"mode":"sometimes"}})"), Catch::Contains("mode"));
  CHECK_THAT(error(R"({"feed":{"match":"x","every":"1d"}})"), Catch::Contains("match"));
}

TEST_CASE_METHOD(Fixture, "without a section the schedules are the usual ones") {
  profile::Flags flags;
  flags.config_file = write("config.json", "{}");
  profile::SystemPaths system;
  system.system_config = *this / "none.json";
  const auto none = read_schedules(Env::real(), flags, system);
  REQUIRE(none.ok());
  REQUIRE(none->size() == opencti::usual_schedules().size());
  for (std::size_t i = 0; i < none->size(); ++i) {
    CHECK((*none)[i].name == opencti::usual_schedules()[i].name);
    CHECK((*none)[i].period_ms == opencti::usual_schedules()[i].period_ms);
  }
}

TEST_CASE_METHOD(Fixture, "a usual schedule keeps what the section does not say") {
  const Schedule usual = one("{}", "mitre");
  const Schedule slower = one(R"({"mitre":{"slack":"3h"}})", "mitre");
  CHECK(slower.slack_ms == 3 * kHour);
  CHECK(slower.period_ms == usual.period_ms);
  CHECK(slower.match == usual.match);
  CHECK(one(R"({"mitre":{"mode":"always"}})", "mitre").mode == Schedule::Mode::always);
  CHECK(one(R"({"mitre":{"match":[]}})", "mitre").match == usual.match);
  CHECK(one(R"({"mitre":{"match":["x"]}})", "mitre").match == std::vector<std::string>{"x"});
}

TEST_CASE_METHOD(Fixture, "a connector that runs now and then needs to run at some time") {
  CHECK_THAT(error(R"({"feed":{"every":"0s"}})"), Catch::Contains("\"feed\" needs \"every\""));
  CHECK_THAT(error(R"({"virustotal":{"mode":"periodic"}})"), Catch::Contains("needs \"every\""));
  CHECK(one(R"({"feed":{"mode":"always"}})", "feed").period_ms == 0);
}

TEST_CASE_METHOD(Fixture, "the place of a wrong duration is its own line") {
  CHECK_THAT(
      error("{\n\"feed\":{\"every\":\"1d\",\n\"slack\":\"late\"}}"),
      Catch::Contains("config.json:3:") && Catch::Contains("\"feed.slack\" is not a duration"));
}

}  // namespace socbridge::context
