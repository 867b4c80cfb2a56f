// SPDX-License-Identifier: Apache-2.0
#include "health/job_error.h"

#include <catch2/catch.hpp>

using socbridge::health::job_error;

TEST_CASE("known failures are explained without repeating the text") {
  CHECK_THAT(job_error("Worker cannot be run: key=hunter2"),
             Catch::Contains("no runner can start it"));
  CHECK_THAT(job_error("TLP is higher than allowed"), Catch::Contains("TLP"));
  CHECK_THAT(job_error("Missing API key hunter2"), Catch::Contains("lacks a setting"));
  for (const char* text :
       {"Worker cannot be run: hunter2", "Missing hunter2", "hunter2", "no output hunter2"}) {
    CHECK(job_error(text).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("without a reason, and with an unknown one, it names the place to look") {
  CHECK_THAT(job_error(""), Catch::Contains("gave no reason"));
  CHECK(job_error("segmentation fault") == "see socctl cortex job show");
}
