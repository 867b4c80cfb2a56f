// SPDX-License-Identifier: Apache-2.0
#include "config/json_schema.h"
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

TEST_CASE("a row overrides the defaults and has its position in the file") {
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

TEST_CASE("an error in a row has its position") {
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

TEST_CASE("explain shows rows without their secrets") {
  Settings s(outer());
  REQUIRE(
      s.add_json(R"({"places":{"a":{"url":"u","api_key":"hunter2","apikey":"hunter3"},"b":{}}})",
                 "f.json")
          .empty());
  CHECK(s.explain()[1].value_json == R"({"a":{"url":"u","api_key":"[set]"},"b":{}})");
}

TEST_CASE("the JSON Schema of a key with rows has their keys") {
  json::Writer w;
  write_object_schema(w, outer());
  const std::string text = std::move(w).take();
  CHECK_THAT(text, Catch::Contains(R"("additionalProperties":{"type":"object")") &&
                       Catch::Contains(R"("insecure":{)"));
}

TEST_CASE("nested values are next to the rows, and in them") {
  json::Writer w;
  write_object_schema(w, outer(), [](std::string_view key) -> std::string_view {
    return key == "places" ? R"({"minProperties":1})" : key == "url" ? R"({"minLength":3})" : "";
  });
  const std::string text = std::move(w).take();
  CHECK_THAT(text, Catch::Contains(R"("allOf":[{"minProperties":1}])") &&
                       Catch::Contains(R"("insecure":{)") &&
                       Catch::Contains(R"("allOf":[{"minLength":3}])"));
}

TEST_CASE("a choice that looks like a number may be one in the JSON Schema too") {
  json::Writer w;
  write_object_schema(w, example_schema());
  CHECK_THAT(std::move(w).take(), Catch::Contains(R"("enum":["auto","4","5",4,5])"));
}
