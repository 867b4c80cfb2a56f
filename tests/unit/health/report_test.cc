// SPDX-License-Identifier: Apache-2.0
#include "health/report.h"

#include <catch2/catch.hpp>

namespace socbridge::health {
namespace {

Summary of(std::initializer_list<Check> checks) {
  Summary summary;
  Report report;
  report.component = "x";
  report.checks = checks;
  summary.reports.push_back(report);
  return summary;
}

Check found(State state, Cause cause = Cause::reported_error) {
  return {"c", state, cause, "d", "n"};
}

}  // namespace

TEST_CASE("a component is as its worst check, and the first of them is the reason") {
  Summary summary = of({found(State::ok, Cause::none),
                        {"first", State::degraded, Cause::slow, "", ""},
                        {"second", State::degraded, Cause::stale, "", ""},
                        found(State::skipped, Cause::none)});
  CHECK(summary.reports[0].state() == State::degraded);
  CHECK(summary.reports[0].worst()->name == "first");
  CHECK(summary.state() == State::degraded);
  CHECK(of({}).state() == State::skipped);
  CHECK(of({found(State::skipped), found(State::ok)}).state() == State::ok);
}

TEST_CASE("report: exit codes") {
  struct Row {
    Summary summary;
    ExitCode code;
    int nagios;
  };
  const Row rows[] = {
      {of({found(State::ok, Cause::none)}), ExitCode::ok, 0},
      {of({found(State::skipped, Cause::none)}), ExitCode::ok, 3},
      {of({found(State::degraded)}), ExitCode::degraded, 1},
      {of({found(State::unknown, Cause::refused)}), ExitCode::degraded, 3},
      {of({found(State::unknown, Cause::configuration)}), ExitCode::usage, 3},
      {of({found(State::unknown, Cause::auth)}), ExitCode::auth, 3},
      {of({found(State::down, Cause::auth)}), ExitCode::auth, 2},
      {of({found(State::down, Cause::unreachable)}), ExitCode::unreachable, 2},
      // Of several the first of 5, 4, 2, 3.
      {of({found(State::degraded), found(State::unknown, Cause::configuration)}), ExitCode::usage,
       1},
      {of({found(State::unknown, Cause::configuration), found(State::degraded, Cause::auth)}),
       ExitCode::auth, 1},
      {of({found(State::down, Cause::auth), found(State::down, Cause::refused)}),
       ExitCode::unreachable, 2},
  };
  for (const Row& row : rows) {
    CHECK(row.summary.exit_code() == row.code);
    CHECK(row.summary.nagios_code() == row.nagios);
  }
}

TEST_CASE("report: causes of statuses") {
  CHECK(cause_of(Status::error(ExitCode::unreachable, "x")) == Cause::unreachable);
  CHECK(cause_of(Status::error(ExitCode::auth, "x")) == Cause::auth);
  CHECK(cause_of(Status::error(ExitCode::refused, "x")) == Cause::refused);
  CHECK(cause_of(Status::error(ExitCode::usage, "x")) == Cause::configuration);
}

}  // namespace socbridge::health
