// SPDX-License-Identifier: Apache-2.0
#include "opencti/variables.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using opencti::variables_from;

TEST_CASE("a JSON value is sent unchanged, everything else as text") {
  CHECK(variables_from({}).value() == "{}");
  CHECK(variables_from({"first=5", "on=true", "list=[\"a\",1]", "none=null"}).value() ==
        R"({"first":5,"on":true,"list":["a",1],"none":null})");
  CHECK(variables_from({"a=text", "b=\"5\"", "c=", "d={broken"}).value() ==
        R"({"a":"text","b":"5","c":"","d":"{broken"})");
  CHECK(variables_from({"filter=a=b=c"}).value() == R"({"filter":"a=b=c"})");
  CHECK(variables_from({"id=1763975702513123456789"}).value() ==
        R"({"id":1763975702513123456789})");
}

TEST_CASE("names that GraphQL does not allow, and a name twice, are usage errors") {
  for (const char* wrong : {"", "novalue", "=5", "1a=5", "a-b=5", "a b=5", "\xC3\xA4=5"}) {
    CAPTURE(wrong);
    CHECK(variables_from({wrong}).status().code() == ExitCode::usage);
  }
  CHECK(variables_from({"_a1=5"}).ok());
  const Status twice = variables_from({"a=1", "b=2", "a=3"}).status();
  CHECK(twice.code() == ExitCode::usage);
  CHECK_THAT(twice.message(), Catch::Contains("a is given twice"));
}
