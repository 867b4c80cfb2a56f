// SPDX-License-Identifier: Apache-2.0
#include "thehive/subject.h"

#include <catch2/catch.hpp>

using socbridge::thehive::Subject;

TEST_CASE("the path of each kind, with and without a tail") {
  CHECK(Subject::of_case("42").path() == "/api/v1/case/42");
  CHECK(Subject::alert("~123").path("observable").ends_with("/observable"));
  CHECK_THAT(Subject::observable("~123").path(), Catch::StartsWith("/api/v1/observable/"));
}

TEST_CASE("an id never becomes more of the path than one part of it") {
  const std::string path = Subject::alert("type;source;a/b?c#d e\n").path();
  CHECK_THAT(path, Catch::StartsWith("/api/v1/alert/"));
  CHECK(path.find_first_of("?# \n", 0) == std::string::npos);
  CHECK(path.find('/', std::string("/api/v1/alert/").size()) == std::string::npos);
}

TEST_CASE("subject: the text is printable") {
  CHECK(Subject::of_case("42").text() == "case 42");
  CHECK(Subject::alert("\x1b[31mx\n").text().find_first_of("\x1b\n") == std::string::npos);
  CHECK(Subject::observable(std::string(500, 'x')).text().size() < 120);
}
