// SPDX-License-Identifier: Apache-2.0
// Values and their places; mistakes are in settings_errors_test.cc, flags and variables in
// settings_text_test.cc.
#include "config/settings.h"

#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

namespace {

const Schema& inner() {
  static const Schema kSchema = {{"url", Kind::string, R"("")", "where"},
                                 {"api_key", Kind::secret, "", "the key"},
                                 {"insecure", Kind::boolean, "false", "no checks"}};
  return kSchema;
}

Schema outer() {
  return {{"name", Kind::string, R"("x")", "a name"},
          {"places", Kind::object, "{}", "rows by name", 0, 0, {}, inner}};
}

}  // namespace

TEST_CASE("settings: defaults are there before any layer") {
  const Settings s(example_schema());
  CHECK(s.text("url") == "http://127.0.0.1:9000");
  CHECK(s.integer("budget_ms") == 3000);
  CHECK(s.boolean("procedures"));
  CHECK(s.list("tags") == std::vector<std::string>{"wazuh"});
  CHECK(s.json("sources").is_array());
  CHECK(s.json("severity")["7"].integer() == 1);
  CHECK(s.secret("api_key").empty());
  CHECK(s.origin("url") == "default");
  CHECK(s.position("url").empty());
  CHECK(s.integer("offset") == 0);
  CHECK(s.json("offset").missing());
}

TEST_CASE("settings: a later layer wins, key by key") {
  Settings s(example_schema());
  CHECK(s.add_json("{\n  // local\n  \"url\": \"https://a.example\",\n  \"budget_ms\": 500,\n}",
                   "f.json")
            .empty());
  CHECK(s.add_json(R"({"budget_ms": 700, "tags": ["x", "y"]})", "options").empty());
  CHECK(s.add_text("procedures", "no", "--procedures").ok());
  CHECK(s.text("url") == "https://a.example");
  CHECK(s.origin("url") == "f.json");
  CHECK(s.position("url") == "3:3");
  CHECK(s.integer("budget_ms") == 700);
  CHECK(s.origin("budget_ms") == "options");
  CHECK(s.position("budget_ms") == "1:2");
  CHECK(s.list("tags") == std::vector<std::string>{"x", "y"});
  CHECK_FALSE(s.boolean("procedures"));
  CHECK(s.origin("procedures") == "--procedures");
  CHECK(s.position("procedures").empty());
  CHECK(s.origin("spool_dir") == "default");
}

TEST_CASE("settings: nested values are given as JSON") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"sources": [{"path": "data.srcip"}], "severity": {"3": 1}})", "f.json")
            .empty());
  CHECK(s.json("sources").at(0)["path"].string() == "data.srcip");
  CHECK(s.json("severity").size() == 1);
}

TEST_CASE("settings keep their values when they are moved") {
  Settings a(example_schema());
  CHECK(a.add_json(R"({"url": "https://b.example", "api_key": "k1"})", "f.json").empty());
  const Settings b = std::move(a);
  CHECK(b.text("url") == "https://b.example");
  CHECK(b.secret("api_key").reveal() == "k1");
  CHECK(b.position("api_key") == "1:30");
}

TEST_CASE("settings: secrets are read by secret() only") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"api_key": "hunter2"})", "f.json").empty());
  CHECK(s.secret("api_key").reveal() == "hunter2");
  CHECK(s.text("api_key").empty());
  CHECK(s.json("api_key").missing());
  CHECK(s.secret("url").empty());
}

TEST_CASE("names that are not in the schema answer with nothing") {
  const Settings s(example_schema());
  CHECK(s.text("nope").empty());
  CHECK(s.integer("nope") == 0);
  CHECK_FALSE(s.boolean("nope"));
  CHECK(s.list("nope").empty());
  CHECK(s.secret("nope").empty());
  CHECK(s.origin("nope").empty());
  CHECK(s.position("nope").empty());
}

TEST_CASE("an error leaves the valid keys of the layer and the older value of the wrong one") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"budget_ms": 400})", "one").empty());
  CHECK(s.add_json(R"({"budget_ms": 5, "url": "https://c.example", "what": 1})", "two").size() ==
        2);
  CHECK(s.integer("budget_ms") == 400);
  CHECK(s.origin("budget_ms") == "one");
  CHECK(s.text("url") == "https://c.example");
}

TEST_CASE("a text that is not JSON changes nothing") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"budget_ms": 400, "url": })", "f.json").size() == 1);
  CHECK(s.integer("budget_ms") == 3000);
}

TEST_CASE("a row has its own values over the defaults, with their places in the file") {
  Settings s(outer());
  REQUIRE(s.add_json("{\n \"places\": {\n  \"a\": {\"url\": \"http://a.example\",\n"
                     "   \"api_key\": \"k\"}}}",
                     "f.json")
              .empty());
  std::vector<Status> errors;
  const Settings a = s.row("places", "a", errors);
  CHECK(errors.empty());
  CHECK(a.text("url") == "http://a.example");
  CHECK(a.secret("api_key").reveal() == "k");
  CHECK_FALSE(a.boolean("insecure"));
  CHECK(a.origin("url") == "f.json");
  CHECK(a.origin("insecure") == "default");
  CHECK(a.position("url") == "3:9");
  CHECK(a.place("/api_key") == "f.json:4:15");
}

TEST_CASE("what is wrong in a row is said with its place") {
  Settings s(outer());
  REQUIRE(s.add_json("{\"places\": {\"a\": {\n\"urll\": \"x\",\n\"insecure\": 1, \"url\": \"u\"}}}",
                     "f.json")
              .empty());
  std::vector<Status> errors;
  const Settings a = s.row("places", "a", errors);
  const Lines found = lines(errors);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "f.json:2:1: places.a: unknown key \"urll\"; did you mean \"url\"?");
  CHECK(found[1] == "f.json:3:1: places.a.insecure must be true or false (is 1)");
  CHECK(a.text("url") == "u");
}

TEST_CASE("a row of a value that no layer gave has the defaults of its schema") {
  const Settings s(outer());
  std::vector<Status> errors;
  const Settings a = s.row("places", "a", errors);
  CHECK(errors.empty());
  CHECK(a.text("url").empty());
  CHECK(a.origin("url") == "default");
}

TEST_CASE("the place of a value is that of what a pointer leads to in its layer") {
  Settings s(example_schema());
  REQUIRE(
      s.add_json("{\n \"sources\": [{\"path\": 1},\n  {\"path\": \"abc\"}]}", "f.json").empty());
  REQUIRE(s.add_text("tags", "a", "--tags").ok());
  CHECK(s.place("/sources/1/path") == "f.json:3:12");
  CHECK(s.place("/sources/1/path", 1) == "f.json:3:14");  // behind the quote
  CHECK(s.place("/tags/0") == "--tags");
  CHECK(s.place("/url") == "default");
  CHECK(s.place("/nope/1").empty());
}

TEST_CASE("a value that the last layer with the key could not give is known as refused") {
  Settings s(example_schema());
  CHECK_FALSE(s.refused("budget_ms"));
  CHECK(s.add_json(R"({"budget_ms": 5})", "one").size() == 1);
  CHECK(s.refused("budget_ms"));
  CHECK_FALSE(s.refused("url"));
  CHECK_FALSE(s.refused("nope"));
  CHECK(s.add_json(R"({"url": "https://a.example"})", "two").empty());
  CHECK(s.refused("budget_ms"));
  CHECK(s.add_json(R"({"budget_ms": 500})", "three").empty());
  CHECK_FALSE(s.refused("budget_ms"));
}

TEST_CASE("a number of another program's configuration has its origin and no range") {
  Settings s(example_schema());
  s.add_number("budget_ms", 7, "ossec.conf: <timeout>");
  CHECK(s.integer("budget_ms") == 7);
  CHECK(s.origin("budget_ms") == "ossec.conf: <timeout>");
  s.add_number("nope", 7, "x");
  CHECK(s.origin("nope").empty());
}

TEST_CASE("a row for every key, in the order of the schema") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"tags": ["a"], "api_key": "hunter2"})", "f.json").empty());
  const auto rows = s.explain();
  REQUIRE(rows.size() == example_schema().size());
  CHECK(rows[0].name == "url");
  CHECK(rows[0].value_json == R"("http://127.0.0.1:9000")");
  CHECK(rows[0].origin == "default");
  CHECK(rows[0].doc == "where to send");
  CHECK(rows[3].value_json == "null");
  CHECK(rows[5].value_json == R"(["a"])");
  CHECK(rows[5].origin == "f.json");
  CHECK(rows[8].value_json == R"("[set]")");
  CHECK(rows[8].origin == "f.json");
}

TEST_CASE("a secret that is not set is an empty string") {
  const Settings s(example_schema());
  CHECK(s.explain()[8].value_json == R"("")");
}

TEST_CASE("settings: no row holds a secret") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"api_key": "hunter2"})", "f.json").empty());
  for (const auto& row : s.explain()) {
    CHECK((row.name + row.value_json + row.origin + row.doc).find("hunter2") == std::string::npos);
  }
}
