// SPDX-License-Identifier: Apache-2.0
#include "integration/config_schema.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "integration/settings.h"
#include "json/value.h"
#include "mapping/noise.h"
#include "mapping/preset/preset.h"

namespace socbridge::integration {
namespace {

const json::Value& root() {
  static const std::string kText = config_json_schema();
  static const auto kDocument = json::Document::parse(kText);
  REQUIRE(kDocument.ok());
  static const json::Value kRoot = kDocument->root();
  return kRoot;
}

json::Value key(std::string_view name) { return root()["properties"][name]; }

// The schema that stands beside the kind of a key.
json::Value shape(std::string_view name) { return key(name)["allOf"].at(0); }

// All `$ref` in a value.
void gather(json::Value value, std::vector<std::string>& refs) {  // NOLINT(misc-no-recursion)
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json::Value inner = value.is_object() ? value.value_at(i) : value.at(i);
    if (value.is_object() && value.key_at(i) == "$ref") refs.push_back(inner.text());
    gather(inner, refs);
  }
}

std::vector<std::string> texts(json::Value list) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i).text());
  return out;
}

}  // namespace

TEST_CASE("the JSON Schema of w2thive.json is one of draft 2020-12, indented") {
  CHECK(root()["$schema"].string() == "https://json-schema.org/draft/2020-12/schema");
  CHECK(root()["title"].string() == "etc/w2thive.json");
  CHECK(root()["type"].string() == "object");
  CHECK(root()["additionalProperties"].boolean() == false);
  CHECK(config_json_schema().starts_with("{\n  \"$schema\": "));
}

TEST_CASE("the JSON Schema has the keys of the program and no others") {
  REQUIRE(root()["properties"].size() == schema().size());
  for (const config::Key& one : schema()) {
    CAPTURE(one.name);
    CHECK(key(one.name)["description"].string() == one.doc);
  }
}

TEST_CASE("what arrays and objects of w2thive.json hold has a shape") {
  std::size_t seen = 0;
  for (const config::Key& one : schema()) {
    if (one.kind != config::Kind::array && one.kind != config::Kind::object) continue;
    CAPTURE(one.name);
    CHECK(shape(one.name).is_object());
    ++seen;
  }
  CHECK(seen >= 8);
}

TEST_CASE("every reference of the JSON Schema leads to a definition, and none is left over") {
  std::vector<std::string> refs;
  gather(root(), refs);
  REQUIRE(refs.size() > 30);
  const json::Value definitions = root()["$defs"];
  for (const std::string& ref : refs) {
    CAPTURE(ref);
    REQUIRE(ref.starts_with("#/$defs/"));
    CHECK_FALSE(definitions[ref.substr(8)].missing());
  }
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const std::string ref = "#/$defs/" + std::string(definitions.key_at(i));
    CAPTURE(ref);
    CHECK(std::find(refs.begin(), refs.end(), ref) != refs.end());
  }
}

TEST_CASE("presets and kinds of noise are listed in the JSON Schema as the program has them") {
  const auto names = [](const std::vector<std::string_view>& all) {
    return std::vector<std::string>(all.begin(), all.end());
  };
  CHECK(texts(shape("presets")["items"]["enum"]) == names(mapping::preset_names()));
  CHECK(texts(shape("keep_noise")["items"]["enum"]) == names(mapping::noise_names()));
}

TEST_CASE("scales of the JSON Schema have their steps, as a value and in a table") {
  for (const auto& [name, least, most] :
       {std::tuple{"severity", 1, 4}, std::tuple{"tlp", 0, 4}, std::tuple{"pap", 0, 3}}) {
    CAPTURE(name);
    const json::Value any = root()["$defs"][name]["anyOf"];
    REQUIRE(any.size() == 2);
    for (const json::Value step : {any.at(0), any.at(1)["properties"]["default"],
                                   any.at(1)["properties"]["map"]["additionalProperties"]}) {
      CHECK(step["minimum"].integer() == least);
      CHECK(step["maximum"].integer() == most);
    }
    CHECK(texts(any.at(1)["required"]) == std::vector<std::string>{"from", "map"});
  }
}

TEST_CASE(
    "destinations have rows of their own keys in the JSON Schema, without defaults of secrets") {
  const json::Value row = key("destinations")["additionalProperties"];
  CHECK(row["additionalProperties"].boolean() == false);
  CHECK(row["properties"]["url"].is_object());
  CHECK(row["properties"]["api_key"]["default"].missing());
  CHECK(row["properties"]["organisation"]["allOf"].at(0)["pattern"].is_string());
  CHECK(shape("destinations")["propertyNames"]["not"]["const"].string() == "default");
}

}  // namespace socbridge::integration
