// SPDX-License-Identifier: Apache-2.0
#include "health/configuration.h"

#include <catch2/catch.hpp>

namespace socbridge::health {
namespace {

Summary of(State state) {
  Summary summary;
  for (const char* name : {"thehive", "cortex"}) {
    Report report;
    report.component = name;
    report.checks.push_back(
        {"configuration", State::skipped, Cause::none, "not configured", "how"});
    summary.reports.push_back(std::move(report));
  }
  summary.reports[1].checks[0].state = state;
  return summary;
}

}  // namespace

TEST_CASE("configuration: nothing configured is not a success") {
  Summary summary = of(State::skipped);
  CHECK(summary.exit_code() == ExitCode::ok);
  add_configuration_report(summary, {});
  REQUIRE(summary.reports.size() == 3);
  CHECK(summary.reports[0].component == "configuration");
  CHECK(summary.reports[0].state() == State::unknown);
  CHECK(summary.exit_code() == ExitCode::usage);
  Summary none;
  add_configuration_report(none, {});
  CHECK(none.exit_code() == ExitCode::usage);
}

TEST_CASE("configuration: one component is enough") {
  Summary summary = of(State::ok);
  add_configuration_report(summary, {});
  CHECK(summary.reports.size() == 2);
  CHECK(summary.exit_code() == ExitCode::ok);
}

TEST_CASE("each misspelt variable is a separate finding") {
  profile::SystemPaths system;
  system.environment = {{"SOCCTL_THEHIV_URL", "x"}, {"HOME", "/root"}, {"SOCCTL_CORTEX_KEI", "y"}};
  Summary summary = of(State::ok);
  add_configuration_report(summary, system);
  REQUIRE(summary.reports.size() == 3);
  const Report& report = summary.reports[0];
  REQUIRE(report.checks.size() == 2);
  CHECK(report.checks[0].name == "variable SOCCTL_THEHIV_URL");
  CHECK(report.checks[0].next == "did you mean SOCCTL_THEHIVE_URL?");
  CHECK(report.checks[1].next == "did you mean SOCCTL_CORTEX_KEY?");
  CHECK(summary.exit_code() == ExitCode::usage);
}

}  // namespace socbridge::health
