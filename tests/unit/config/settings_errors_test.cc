// SPDX-License-Identifier: Apache-2.0
// What settings say of a text that is wrong.
#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

TEST_CASE("an unknown key has a place and a suggestion") {
  CHECK(errors_of("{\n  \"spol_dir\": \"x\"\n}") ==
        Lines{R"(f.json:2:3: unknown key "spol_dir"; did you mean "spool_dir"?)"});
  CHECK(errors_of(R"({"zzzzzzzz": 1})") ==
        Lines{"f.json:1:2: unknown key \"zzzzzzzz\"; known are url, version, budget_ms, offset, "
              "procedures, tags, sources, severity, api_key, spool_dir"});
}

TEST_CASE("unknown keys are printed escaped, without their values") {
  const auto errors = errors_of("{\"a\\u001b[31m\\nb\": \"hunter2\", \"\": 1, \"" +
                                std::string(300, 'u') + "\": 2}");
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].starts_with("f.json:1:2: unknown key \"a\\u{1b}[31m\\nb\""));
  CHECK(errors[0].find("hunter2") == std::string::npos);
  CHECK(errors[1].starts_with("f.json:1:31: unknown key \"\""));
  CHECK(errors[2].size() < 200);
  CHECK(errors[2].find("did you mean") == std::string::npos);
}

TEST_CASE("settings errors: numbers are held to their range") {
  CHECK(errors_of(R"({"budget_ms": 5})") ==
        Lines{"f.json:1:2: budget_ms must be 100 to 60000 (is 5)"});
  CHECK(errors_of(R"({"budget_ms": 60001})") ==
        Lines{"f.json:1:2: budget_ms must be 100 to 60000 (is 60001)"});
  CHECK(errors_of(R"({"budget_ms": 100, "offset": -9223372036854775808})").empty());
  CHECK(errors_of(R"({"budget_ms": 6e4})").empty());
  CHECK(errors_of(R"({"budget_ms": 1e99})") ==
        Lines{"f.json:1:2: budget_ms must be a whole number (is 1e99)"});
  CHECK(errors_of(R"({"budget_ms": 1e400})") ==
        Lines{"f.json:1:2: budget_ms must be a whole number (is 1e400)"});
}

TEST_CASE("settings errors: values of the wrong type") {
  CHECK(errors_of(R"({"url": 1e400})") ==
        Lines{"f.json:1:2: url must be a string in double quotes (is 1e400)"});
  CHECK(errors_of(R"({"tags": [1e400]})") ==
        Lines{"f.json:1:2: tags must be an array of strings (is 1e400 at position 1)"});
  CHECK(errors_of(R"({"url": 5})") ==
        Lines{"f.json:1:2: url must be a string in double quotes (is 5)"});
  CHECK(errors_of(R"({"url": null})") ==
        Lines{"f.json:1:2: url must be a string in double quotes (is null)"});
  CHECK(errors_of(R"({"budget_ms": "hunter2"})") ==
        Lines{"f.json:1:2: budget_ms must be a whole number (is a string)"});
  CHECK(errors_of(R"({"budget_ms": 1.5})") ==
        Lines{"f.json:1:2: budget_ms must be a whole number (is 1.5)"});
  CHECK(errors_of(R"({"procedures": "yes"})") ==
        Lines{"f.json:1:2: procedures must be true or false (is a string)"});
  CHECK(errors_of(R"({"tags": "a"})") ==
        Lines{"f.json:1:2: tags must be an array of strings (is a string)"});
  CHECK(errors_of(R"({"tags": ["a", 7]})") ==
        Lines{"f.json:1:2: tags must be an array of strings (is 7 at position 2)"});
  CHECK(errors_of(R"({"sources": {}})") ==
        Lines{"f.json:1:2: sources must be an array (is an object)"});
  CHECK(errors_of(R"({"severity": []})") ==
        Lines{"f.json:1:2: severity must be an object (is an array)"});
}

TEST_CASE("choices are listed, and a number may stand for its text") {
  CHECK(errors_of(R"({"version": "aut"})") ==
        Lines{R"(f.json:1:2: version must be one of auto, 4, 5 (is "aut"); did you mean "auto"?)"});
  CHECK(errors_of(R"({"version": true})") ==
        Lines{"f.json:1:2: version must be a string in double quotes (is true)"});
  Settings s(example_schema());
  CHECK(s.add_json(R"({"version": 5})", "f.json").empty());
  CHECK(s.text("version") == "5");
}

TEST_CASE("of a secret only the type is reported") {
  for (const char* text : {R"({"api_key": 123456789})", R"({"api_key": ["hunter2"]})",
                           R"({"api_key": {"k": "hunter2"}})", R"({"api_key": true})"}) {
    const auto errors = errors_of(text);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].starts_with("f.json:1:2: api_key must be a string in double quotes (is a"));
    CHECK(errors[0].find("hunter2") == std::string::npos);
    CHECK(errors[0].find("123456789") == std::string::npos);
  }
}

TEST_CASE("a key given twice is an error that names both places, the first one counts") {
  Settings s(example_schema());
  CHECK(lines(s.add_json("{\"budget_ms\": 200,\n \"budget_ms\": 300,\n \"budget_ms\": 400}",
                         "f.json")) ==
        Lines{R"(f.json:2:2: key "budget_ms" is given twice, first at 1:2; remove one of them)",
              R"(f.json:3:2: key "budget_ms" is given twice, first at 1:2; remove one of them)"});
  CHECK(s.integer("budget_ms") == 200);
}

TEST_CASE("every error of a layer is reported, in the order of the text") {
  const auto errors = errors_of("{\"x1\": 1,\n\"url\": 2,\n\"budget_ms\": 3}");
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].starts_with("f.json:1:2: unknown key"));
  CHECK(errors[1].starts_with("f.json:2:1: url"));
  CHECK(errors[2].starts_with("f.json:3:1: budget_ms"));
}

TEST_CASE("endless errors end") {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  const auto errors = errors_of(text + "}");
  REQUIRE(errors.size() == 101);
  CHECK(errors.back() == "f.json: more errors follow");
}

TEST_CASE("a text that is not JSON is one error with its place") {
  CHECK(errors_of("{\"url\": }") == Lines{"f.json:1:9: not JSON: this is not a JSON value"});
  CHECK(errors_of("") == Lines{"f.json:1:1: not JSON: the text is empty"});
  CHECK(errors_of("{\n\"url\": \"x,\n\"budget_ms\": 1}") ==
        Lines{"f.json:2:11: not JSON: a string has no closing quote"});
  CHECK(errors_of("[1]") == Lines{"f.json:1:1: the text must be one JSON object { … }"});
  CHECK(errors_of("null").size() == 1);
  CHECK(errors_of(std::string(2U << 20U, ' ')) ==
        Lines{"f.json:1:1: not JSON: larger than allowed"});
}

TEST_CASE("the layer's name is printed harmlessly") {
  Settings s(example_schema());
  const auto errors = lines(s.add_json("[", "a\x1b[0m\nb"));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].starts_with("a\\u{1b}[0m\\nb:1:2:"));
}
