// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/finding.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::health::job_runner;

TEST_CASE("a finding in JSON, without a next step where there is none") {
  CHECK(good("api", "it \"answers\"").json() ==
        R"({"check":"api","state":"ok","finding":"it \"answers\""})");
  CHECK(bad("rbac", "t", "n").json() ==
        R"({"check":"rbac","state":"bad","finding":"t","next":"n"})");
  CHECK(std::string(state_name(skipped("a", "b", "c").state)) == "skipped");
  CHECK(std::string(state_name(warning("a", "b", "c").state)) == "warning");
}

TEST_CASE("a failure keeps the status's message, hint and code") {
  const Finding one = failed("key", Status::error(ExitCode::auth, "refused", "give another"));
  CHECK(one.state == State::bad);
  CHECK(one.text == "refused");
  CHECK(one.next == "give another");
  CHECK(one.code == ExitCode::auth);
  CHECK(bad("a", "b", "c").code == ExitCode::degraded);
}
