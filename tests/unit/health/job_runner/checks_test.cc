// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/checks.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::health;
using namespace socbridge::health::job_runner;

TEST_CASE("checks of analyzer jobs have the states of health") {
  CHECK(good("api", "it answers").state == State::ok);
  CHECK(skipped("a", "b", "c").state == State::skipped);
  CHECK(warning("a", "b", "c").state == State::degraded);
  const Check one = bad("rbac", "t", "n");
  CHECK((one.state == State::down && one.cause == Cause::reported_error));
  CHECK((one.name == "rbac" && one.detail == "t" && one.next == "n"));
}

TEST_CASE("a request that failed leaves a check of analyzer jobs unknown") {
  const Check refused = failed("key", Status::error(ExitCode::auth, "refused", "give another"));
  CHECK((refused.state == State::unknown && refused.cause == Cause::auth));
  CHECK((refused.detail == "refused" && refused.next == "give another"));
  CHECK(failed("a", Status::error(ExitCode::unreachable, "x")).cause == Cause::unreachable);
  CHECK(failed("a", Status::error(ExitCode::usage, "x")).cause == Cause::configuration);
  const Check stale = failed("job folder", Status::error(ExitCode::failure, "stale"));
  CHECK((stale.state == State::down && stale.cause == Cause::reported_error));
}
