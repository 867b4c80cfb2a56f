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

// The schema of an object with these keys, read back.
json::Document read(const Schema& schema, NestedSchema nested = nullptr) {
  json::Writer w;
  write_object_schema(w, schema, nested);
  auto document = json::Document::parse(std::move(w).take());
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace

TEST_CASE("the JSON Schema of an object takes its keys and no others") {
  const auto document = read(example_schema());
  const json::Value root = document.root();
  CHECK(root["type"].string() == "object");
  CHECK(root["additionalProperties"].boolean() == false);
  REQUIRE(root["properties"].size() == example_schema().size());
  CHECK(root["properties"]["url"]["description"].string() == "where to send");
  CHECK(read({}).root()["properties"].size() == 0);
}

TEST_CASE("the JSON Schema of each kind of key") {
  const auto document = read(example_schema());
  const json::Value keys = document.root()["properties"];
  CHECK(keys["url"]["type"].string() == "string");
  CHECK(keys["procedures"]["type"].string() == "boolean");
  CHECK(keys["tags"]["type"].string() == "array");
  CHECK(keys["tags"]["items"]["type"].string() == "string");
  CHECK(keys["sources"]["type"].string() == "array");
  CHECK(keys["sources"]["items"].missing());
  CHECK(keys["severity"]["type"].string() == "object");
  CHECK(keys["severity"]["additionalProperties"].missing());  // it may hold anything
  CHECK(keys["api_key"]["type"].string() == "string");
}

TEST_CASE("the JSON Schema of a number has its range, or none if it has none") {
  const auto document = read(example_schema());
  const json::Value keys = document.root()["properties"];
  CHECK(keys["budget_ms"]["type"].string() == "integer");
  CHECK(keys["budget_ms"]["minimum"].integer() == 100);
  CHECK(keys["budget_ms"]["maximum"].integer() == 60000);
  CHECK(keys["offset"]["type"].string() == "integer");
  CHECK(keys["offset"]["minimum"].missing());
  CHECK(keys["offset"]["maximum"].missing());
}

TEST_CASE("defaults are in the JSON Schema, but for a key that has none and for secrets") {
  const auto document = read({{"url", Kind::string, R"("http://a")", ""},
                              {"offset", Kind::integer, "", ""},
                              {"api_key", Kind::secret, R"("k")", ""}});
  const json::Value keys = document.root()["properties"];
  CHECK(keys["url"]["default"].string() == "http://a");
  CHECK(keys["offset"]["default"].missing());
  CHECK(keys["api_key"]["default"].missing());
}

TEST_CASE("choices that are all words are texts in the JSON Schema") {
  const auto document = read({{"mode", Kind::string, "", "", 0, 0, {"direct", "queue"}}});
  const json::Value mode = document.root()["properties"]["mode"];
  CHECK(mode["type"].string() == "string");
  CHECK(mode["enum"].size() == 2);
}

TEST_CASE("the JSON Schema of a key with rows has their keys") {
  json::Writer w;
  write_object_schema(w, outer());
  const std::string text = std::move(w).take();
  CHECK_THAT(text, Catch::Contains(R"("additionalProperties":{"type":"object")") &&
                       Catch::Contains(R"("insecure":{)"));
}

TEST_CASE("what is nested stands beside the rows, and in them") {
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

TEST_CASE("what is nested stands in place of the kind where a key has no rows") {
  const auto document = read(example_schema(), [](std::string_view key) -> std::string_view {
    return key == "sources" ? R"({"type":"array","maxItems":3})" : "";
  });
  const json::Value sources = document.root()["properties"]["sources"];
  CHECK(sources["type"].missing());
  CHECK(sources["allOf"].at(0)["maxItems"].integer() == 3);
  CHECK(document.root()["properties"]["severity"]["allOf"].missing());
}
