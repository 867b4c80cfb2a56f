// SPDX-License-Identifier: Apache-2.0
#include "expectation/test_file.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::expectation;

namespace {

TestFile read(const std::string& text) {
  auto file = read_test_file(text, "t.json");
  INFO(file.status().line());
  REQUIRE(file.ok());
  return *file;
}

std::string error_of(const std::string& text) {
  const auto file = read_test_file(text, "t.json");
  REQUIRE_FALSE(file.ok());
  CHECK(file.status().code() == ExitCode::usage);
  return file.status().line();
}

}  // namespace

TEST_CASE("a file of tests is read, words of a scale are its numbers") {
  const TestFile file = read(R"({ // comments are fine
    "config": "w.json",
    "tests": [
      {"name": "a", "alert": "a.json", "expect": {"severity": "critical", "tlp": "red", "title": "t*",
        "tags": "x", "no_tags": ["y"], "description": ["part"], "custom_fields": {"f": 5, "g": null},
        "observables": ["ip:203.0.113.9", "https://x.example/a:b", "user-agent:Mozilla: 5"],
        "no_observables": ["2001:db8::1"]}},
      {"alert": {"rule": {"id": "1"}}, "expect": {"forwarded": false, "skipped": "level*"}},
    ]})");
  CHECK(file.config == "w.json");
  REQUIRE(file.tests.size() == 2);
  const Expected& first = file.tests[0].expected;
  CHECK(file.tests[0].alert_file == "a.json");
  CHECK(first.texts == std::vector<std::pair<std::string, std::string>>{
                           {"severity", "4"}, {"tlp", "4"}, {"title", "t*"}});
  CHECK(first.tags == std::vector<std::string>{"x"});
  CHECK(first.custom_fields ==
        std::vector<std::pair<std::string, std::string>>{{"f", "5"}, {"g", "null"}});
  REQUIRE(first.observables.size() == 3);
  CHECK(first.observables[0].type == "ip");
  CHECK(first.observables[0].data == "203.0.113.9");
  CHECK(first.observables[1].type.empty());
  CHECK(first.observables[1].data == "https://x.example/a:b");
  CHECK(first.observables[2].type == "user-agent");
  CHECK(first.observables[2].data == "Mozilla: 5");
  CHECK(first.no_observables[0].type.empty());
  CHECK(file.tests[1].name == "tests[1]");
  CHECK(file.tests[1].alert_json == R"({"rule":{"id":"1"}})");
  CHECK(file.tests[1].expected.forwarded == false);
}

TEST_CASE("what is wrong in a file of tests has its place") {
  CHECK(error_of("{").starts_with("t.json: line 1"));
  CHECK(error_of("[]").find("must be an object") != std::string::npos);
  CHECK(error_of("{}").find("must be a list of 1 to 10000 tests") != std::string::npos);
  CHECK(error_of("{\n \"tests\": [\n  {\"alert\": \"a\", \"expect\": {\"severty\": 1}}]}") ==
        "t.json:3:29: tests[0].expect: unknown key \"severty\"; did you mean \"severity\"?");
  CHECK(error_of(R"({"tests":[{"alert":5,"expect":{"tlp":1}}]})").find("must be an alert") !=
        std::string::npos);
  CHECK(error_of(R"({"tests":[{"alert":"a","expect":{}}]})").find("expects nothing") !=
        std::string::npos);
  CHECK(error_of(R"({"tests":[{"alert":"a"}]})").find("tests[0].expect: must be an object") !=
        std::string::npos);
  CHECK(error_of(R"({"tests":[{"alert":"a","expect":{"forwarded":"no"}}]})")
            .find("must be true or false") != std::string::npos);
}
