// SPDX-License-Identifier: Apache-2.0
#include "expectation/test_file.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::expectation;

namespace {

TestFile read(const std::string& text) {
  TestFile file;
  const auto errors = read_test_file(text, "t.json", file);
  INFO((errors.empty() ? "" : errors.front().line()));
  REQUIRE(errors.empty());
  return file;
}

std::string error_of(const std::string& text) {
  TestFile file;
  const auto errors = read_test_file(text, "t.json", file);
  REQUIRE(errors.size() == 1);
  CHECK(errors.front().code() == ExitCode::usage);
  return errors.front().line();
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

TEST_CASE("an error in a file of tests has its position") {
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

TEST_CASE("each error of a file of tests is reported, also impossible values") {
  TestFile file;
  const auto errors = read_test_file(R"({"tests":[
    {"alert":"a","expect":{"severity":"hgh","tlp":9,"pap":"amber+strict","promote":"yes"}},
    {"alert":"a","expect":{"promote":true,"severty":1}},
    {"alert":"a","expect":{"severity":"?","promote":"s*","tlp":"4"}}]})",
                                     "t.json", file);
  std::vector<std::string> lines;
  for (const Status& error : errors) lines.push_back(error.line());
  CHECK(
      lines ==
      std::vector<std::string>{
          "t.json:2:39: tests[0].expect.severity: must be 1 to 4, low, medium, high, critical (is "
          "\"hgh\"); did you mean \"high\"?",
          "t.json:2:51: tests[0].expect.tlp: must be 0 to 4, clear, green, amber, amber+strict, "
          "red (is \"9\")",
          "t.json:2:59: tests[0].expect.pap: must be 0 to 3, clear, green, amber, red (is "
          "\"amber+strict\")",
          "t.json:2:84: tests[0].expect.promote: must be no, own or shared (is \"yes\")",
          "t.json:3:43: tests[1].expect: unknown key \"severty\"; did you mean \"severity\"?",
          "t.json:3:28: tests[1].expect.promote: must be no, own or shared (is \"true\")"});
}

TEST_CASE("of very many mistakes in a file of tests the first are listed") {
  std::string tests;
  for (int i = 0; i < 200; ++i) tests += R"({"alert":"a","expect":{"tlp":9}},)";
  TestFile file;
  const auto errors = read_test_file(R"({"tests":[)" + tests + "]}", "t.json", file);
  REQUIRE(errors.size() == 101);
  CHECK(errors.back().message() == "more errors follow");
}
