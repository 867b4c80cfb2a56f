// SPDX-License-Identifier: Apache-2.0
#include "integration/config_schema.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "config/json_schema.h"
#include "integration/settings.h"
#include "json/writer.h"

namespace socbridge::integration {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

// What the arrays and objects hold (docs/rules.md, docs/mapping.md).
constexpr std::array<Named, 13> kNested = {{
    {"include", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/row"}})"},
    {"exclude", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/row"}})"},
    {"rules", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/rule"}})"},
    {"rate_cap", R"({"type":"object","additionalProperties":false,"properties":{
      "by":{"$ref":"#/$defs/paths"},"max":{"type":"integer","minimum":1,"maximum":100000},
      "per":{"$ref":"#/$defs/duration"}}})"},
    {"group_by", R"({"type":"array","maxItems":8,"items":{"type":"string","minLength":1}})"},
    {"promote_by", R"({"type":"array","maxItems":8,"items":{"type":"string","minLength":1}})"},
    {"group_window", R"({"$ref":"#/$defs/duration"})"},
    {"severity", R"({"type":"object","minProperties":1,"additionalProperties":false,
      "patternProperties":{"^(0?[0-9]|1[0-6])$":{"type":"integer","minimum":1,"maximum":4}}})"},
    {"observables", R"({"type":"array","items":{"type":"object","required":["path"],
      "additionalProperties":false,"properties":{"path":{"type":"string","minLength":1},
      "type":{"type":"string","minLength":1,"maxLength":64},
      "tags":{"type":"array","items":{"type":"string"}},"ioc":{"type":"boolean"}}}})"},
    {"data_types", R"({"type":"object","additionalProperties":{"type":"string","minLength":1}})"},
    {"custom_fields", R"({"type":"object","additionalProperties":{"anyOf":[
      {"type":["string","number","boolean"]},{"type":"object","required":["value"],
      "additionalProperties":false,"properties":{"value":{"type":["string","number","boolean"]},
      "type":{"enum":["automatic","string","integer","float","boolean","date"]}}}]}})"},
    {"presets", R"({"type":"array","items":{"enum":["python-script","wazuh-responder"]}})"},
    {"built_in_tags", R"({"type":"array","items":{"enum":["rule","agent","mitre","groups"]}})"},
}};

constexpr std::string_view kDefinitions = R"({
  "texts":{"anyOf":[{"type":["string","number","boolean"]},
    {"type":"array","minItems":1,"maxItems":1000,"items":{"type":["string","number","boolean"]}}]},
  "paths":{"type":"array","minItems":1,"maxItems":8,"items":{"type":"string","minLength":1}},
  "duration":{"type":["string","integer"]},
  "field":{"type":"object","additionalProperties":false,"properties":{
    "path":{"type":"string","minLength":1},"field":{"type":"string","minLength":1},
    "equals":{"$ref":"#/$defs/texts"},"glob":{"$ref":"#/$defs/texts"},
    "regex":{"$ref":"#/$defs/texts"},
    "cidr":{"$ref":"#/$defs/texts"},"range":{"$ref":"#/$defs/texts"}}},
  "row":{"type":"object","minProperties":1,"additionalProperties":false,"properties":{
    "rule":{"$ref":"#/$defs/texts"},"level":{"$ref":"#/$defs/texts"},
    "group":{"$ref":"#/$defs/texts"},"agent":{"$ref":"#/$defs/texts"},
    "agent_ip":{"$ref":"#/$defs/texts"},"agent_group":{"$ref":"#/$defs/texts"},
    "label":{"type":"object","minProperties":1,"additionalProperties":{"$ref":"#/$defs/texts"}},
    "decoder":{"$ref":"#/$defs/texts"},"location":{"$ref":"#/$defs/texts"},
    "path":{"type":"string","minLength":1},"field":{"type":"string","minLength":1},
    "equals":{"$ref":"#/$defs/texts"},"glob":{"$ref":"#/$defs/texts"},
    "regex":{"$ref":"#/$defs/texts"},
    "cidr":{"$ref":"#/$defs/texts"},"range":{"$ref":"#/$defs/texts"},
    "fields":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/field"}},
    "not":{"anyOf":[{"$ref":"#/$defs/row"},
      {"type":"array","minItems":1,"items":{"$ref":"#/$defs/row"}}]}}},
  "choice":{"anyOf":[{"type":["string","number"]},{"type":"object","required":["from","map"],
    "additionalProperties":false,"properties":{"from":{"type":"string","minLength":1},
    "map":{"type":"object","minProperties":1,"maxProperties":1000,
      "additionalProperties":{"type":["string","number","boolean"]}},
    "default":{"type":["string","number","boolean"]}}}]},
  "rule":{"type":"object","additionalProperties":false,
    "anyOf":[{"required":["set"]},{"required":["stop"]}],"properties":{
    "name":{"type":"string","minLength":1},
    "match":{"anyOf":[{"$ref":"#/$defs/row"},
      {"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/$defs/row"}}]},
    "set":{"$ref":"#/$defs/set"},"stop":{"type":"boolean"}}},
  "set":{"type":"object","minProperties":1,"additionalProperties":false,"properties":{
    "severity":{"$ref":"#/$defs/choice"},"tlp":{"$ref":"#/$defs/choice"},
    "pap":{"$ref":"#/$defs/choice"},"type":{"$ref":"#/$defs/choice"},
    "source":{"$ref":"#/$defs/choice"},"case_template":{"$ref":"#/$defs/choice"},
    "destination":{"anyOf":[{"$ref":"#/$defs/choice"},{"type":"array","minItems":1,"maxItems":100,
      "items":{"$ref":"#/$defs/choice"}}]},
    "title":{"type":"string","minLength":1},"description":{"type":"string","minLength":1},
    "external_link":{"type":"string","minLength":1},"tags":{"$ref":"#/$defs/texts"},
    "without_tags":{"$ref":"#/$defs/texts"},
    "custom_fields":{"type":"object","minProperties":1,
      "additionalProperties":{"type":["string","number","boolean"]}},
    "group":{"anyOf":[{"const":false},{"$ref":"#/$defs/paths"}]},
    "promote":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/paths"}]},
    "observables":{"type":"boolean"},"drop":{"type":"boolean"}}}
})";

std::string_view nested(std::string_view key) {
  const auto* const it = std::find_if(kNested.begin(), kNested.end(),
                                      [&](const Named& one) { return one.first == key; });
  return it == kNested.end() ? std::string_view() : it->second;
}

}  // namespace

std::string config_json_schema() {
  json::Writer object;
  config::write_object_schema(object, schema(), nested);
  // The members of the object stand beside those that name the schema.
  const std::string text = std::move(object).take();
  std::string out =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"etc/w2thive.json",)";
  out += text.substr(1, text.size() - 2);
  out += ",\"$defs\":";
  out += kDefinitions;
  out += "}";
  return json::pretty(out);
}

}  // namespace socbridge::integration
