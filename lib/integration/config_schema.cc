// SPDX-License-Identifier: Apache-2.0
#include "integration/config_schema.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "config/json_schema.h"
#include "integration/settings.h"
#include "json/writer.h"
#include "mapping/noise.h"
#include "mapping/preset/preset.h"

namespace socbridge::integration {
namespace {

using Named = std::pair<std::string_view, std::string_view>;

// Schemas of arrays, objects (docs/rules.md, docs/mapping.md), and texts with a format.
constexpr std::array<Named, 18> kNested = {{
    {"organisation", R"({"type":"string","pattern":"^[^{}\\u0000-\\u001f\\u007f]*$"})"},
    {"pinned_key", R"({"type":"string","pattern":
      "^$|^sha256//[A-Za-z0-9+/]{43}=(;sha256//[A-Za-z0-9+/]{43}=)*$"})"},
    {"proxy", R"({"type":"string","pattern":"^[^@\\u0000-\\u0020\\u007f]*$"})"},
    {"destinations", R"({"minProperties":1,"maxProperties":1000,
      "propertyNames":{"pattern":"^[A-Za-z0-9._-]{1,64}$","not":{"const":"default"}}})"},
    {"include", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/row"}})"},
    {"exclude", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/row"}})"},
    {"rules", R"({"type":"array","maxItems":1000,"items":{"$ref":"#/$defs/rule"}})"},
    {"rate_cap", R"({"type":"object","additionalProperties":false,
      "anyOf":[{"maxProperties":0},{"required":["by","max","per"]}],"properties":{
      "by":{"$ref":"#/$defs/paths"},"max":{"type":"integer","minimum":1,"maximum":100000},
      "per":{"$ref":"#/$defs/window"}}})"},
    {"group_by", R"({"type":"array","maxItems":8,"items":{"type":"string","minLength":1}})"},
    {"promote_by", R"({"type":"array","maxItems":8,"items":{"type":"string","minLength":1}})"},
    {"group_window", R"({"type":"string","$ref":"#/$defs/window"})"},
    {"severity", R"({"type":"object","minProperties":1,"additionalProperties":false,
      "patternProperties":{"^0*([0-9]|1[0-6])$":{"type":"integer","minimum":1,"maximum":4}}})"},
    {"type", R"({"$ref":"#/$defs/key_part"})"},
    {"source", R"({"$ref":"#/$defs/key_part"})"},
    {"observables", R"({"type":"array","items":{"type":"object","required":["path"],
      "additionalProperties":false,"properties":{"path":{"type":"string","minLength":1},
      "type":{"type":"string","minLength":1,"maxLength":64},
      "tags":{"type":"array","items":{"type":"string"}},"ioc":{"type":"boolean"}}}})"},
    {"data_types", R"({"type":"object","additionalProperties":{"type":"string","minLength":1,
      "maxLength":64}})"},
    {"custom_fields", R"({"type":"object","propertyNames":{"minLength":1,"maxLength":64},
      "additionalProperties":{"anyOf":[
      {"type":["string","number","boolean"]},{"type":"object","required":["value"],
      "additionalProperties":false,"properties":{"value":{"type":["string","number","boolean"]},
      "type":{"enum":["automatic","string","integer","float","boolean","date"]}}}]}})"},
    {"built_in_tags", R"({"type":"array","items":{"enum":["rule","agent","mitre","groups"]}})"},
}};

// Definitions for rows and rules. For `choice` see choice_schema().
constexpr std::string_view kDefinitions = R"(
  "text":{"type":["string","number","boolean"],"minLength":1},
  "texts":{"anyOf":[{"$ref":"#/$defs/text"},
    {"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/$defs/text"}}]},
  "networks":{"anyOf":[{"type":"string","minLength":1},
    {"type":"array","minItems":1,"maxItems":1000,"items":{"type":"string","minLength":1}}]},
  "ranges":{"anyOf":[{"type":["string","number"],"minLength":1},
    {"type":"array","minItems":1,"maxItems":1000,
      "items":{"type":["string","number"],"minLength":1}}]},
  "levels":{"anyOf":[{"type":["string","integer"],"minLength":1,"minimum":0},
    {"type":"array","minItems":1,"maxItems":1000,
      "items":{"type":["string","integer"],"minLength":1,"minimum":0}}]},
  "template":{"type":"string","pattern":"[^ \\t\\r\\n]"},
  "path":{"type":"string","pattern":"[^ \\t\\r\\n]"},
  "paths":{"type":"array","minItems":1,"maxItems":8,"items":{"type":"string","minLength":1}},
  "window":{"type":["string","integer"],"pattern":"^\\s*[0-9]+(ms|s|m|h|d)?\\s*$",
    "minimum":10,"maximum":2678400},
  "regex":{"$ref":"#/$defs/text",
    "pattern":"^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$"},
  "regexes":{"anyOf":[{"$ref":"#/$defs/regex"},
    {"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/$defs/regex"}}]},
  "key_part":{"type":"string","anyOf":[{"pattern":"^[^;{}]{1,32}$"},{"pattern":"[{}]"}]},
  "key_text":{"$ref":"#/$defs/text","anyOf":[{"pattern":"^[^;{}]{1,32}$"},{"pattern":"[{}]"}]},
  "condition":{"not":{"required":["path","field"]},
    "if":{"anyOf":[{"required":["equals"]},{"required":["glob"]},{"required":["regex"]},
      {"required":["cidr"]},{"required":["range"]}]},
    "then":{"anyOf":[{"required":["path"]},{"required":["field"]}],
      "oneOf":[{"required":["equals"]},{"required":["glob"]},{"required":["regex"]},
        {"required":["cidr"]},{"required":["range"]}]}},
  "field":{"$ref":"#/$defs/condition","type":"object","additionalProperties":false,
    "anyOf":[{"required":["path"]},{"required":["field"]}],"properties":{
    "path":{"$ref":"#/$defs/path"},"field":{"$ref":"#/$defs/path"},
    "equals":{"$ref":"#/$defs/texts"},"glob":{"$ref":"#/$defs/texts"},
    "regex":{"$ref":"#/$defs/regexes"},
    "cidr":{"$ref":"#/$defs/networks"},"range":{"$ref":"#/$defs/ranges"}}},
  "row":{"$ref":"#/$defs/condition","type":"object","minProperties":1,"additionalProperties":false,
    "properties":{
    "rule":{"$ref":"#/$defs/texts"},"level":{"$ref":"#/$defs/levels"},
    "group":{"$ref":"#/$defs/texts"},"agent":{"$ref":"#/$defs/texts"},
    "agent_ip":{"$ref":"#/$defs/networks"},"agent_group":{"$ref":"#/$defs/texts"},
    "label":{"type":"object","minProperties":1,"additionalProperties":{"$ref":"#/$defs/texts"}},
    "decoder":{"$ref":"#/$defs/texts"},"location":{"$ref":"#/$defs/texts"},
    "path":{"$ref":"#/$defs/path"},"field":{"$ref":"#/$defs/path"},
    "equals":{"$ref":"#/$defs/texts"},"glob":{"$ref":"#/$defs/texts"},
    "regex":{"$ref":"#/$defs/regexes"},
    "cidr":{"$ref":"#/$defs/networks"},"range":{"$ref":"#/$defs/ranges"},
    "fields":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/field"}},
    "not":{"anyOf":[{"$ref":"#/$defs/row"},
      {"type":"array","minItems":1,"items":{"$ref":"#/$defs/row"}}]}}},
  "rule":{"type":"object","additionalProperties":false,
    "anyOf":[{"required":["set"]},{"required":["stop"],"properties":{"stop":{"const":true}}}],
    "properties":{
    "name":{"$ref":"#/$defs/template"},
    "match":{"anyOf":[{"$ref":"#/$defs/row"},
      {"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/$defs/row"}}]},
    "set":{"$ref":"#/$defs/set"},"stop":{"type":"boolean"}}},
  "set":{"type":"object","minProperties":1,"additionalProperties":false,"properties":{
    "severity":{"$ref":"#/$defs/severity"},"tlp":{"$ref":"#/$defs/tlp"},
    "pap":{"$ref":"#/$defs/pap"},"type":{"$ref":"#/$defs/key_choice"},
    "source":{"$ref":"#/$defs/key_choice"},"case_template":{"$ref":"#/$defs/choice"},
    "destination":{"anyOf":[{"$ref":"#/$defs/choice"},{"type":"array","minItems":1,"maxItems":100,
      "items":{"$ref":"#/$defs/choice"}}]},
    "title":{"$ref":"#/$defs/template"},"description":{"$ref":"#/$defs/template"},
    "external_link":{"$ref":"#/$defs/template"},
    "tags":{"$ref":"#/$defs/texts","maxItems":100},
    "without_tags":{"$ref":"#/$defs/texts"},
    "custom_fields":{"type":"object","minProperties":1,
      "propertyNames":{"minLength":1,"maxLength":64},
      "additionalProperties":{"type":["string","number","boolean"]}},
    "group":{"anyOf":[{"const":false},{"$ref":"#/$defs/paths"}]},
    "promote":{"anyOf":[{"type":"boolean"},{"$ref":"#/$defs/paths"}]},
    "observables":{"type":"boolean"},"drop":{"type":"boolean"}}}
)";

// A value, or a table that maps to it; `value` is its schema.
std::string choice_schema(std::string_view name, const std::string& value) {
  return "\"" + std::string(name) + R"(":{"anyOf":[)" + value +
         R"(,{"type":"object","required":["from","map"],"additionalProperties":false,"properties":{
    "from":{"$ref":"#/$defs/path"},"map":{"type":"object","minProperties":1,"maxProperties":1000,
      "additionalProperties":)" +
         value + R"(},"default":)" + value + "}}]},";
}

// A step of a scale, as number or name.
std::string step_schema(int least, int most) {
  return R"({"type":["string","integer"],"minLength":1,"minimum":)" + std::to_string(least) +
         R"(,"maximum":)" + std::to_string(most) + "}";
}

std::string names_schema(const std::vector<std::string_view>& names) {
  std::string all;
  for (const std::string_view name : names) {
    all += (all.empty() ? "\"" : ",\"") + std::string(name) + "\"";
  }
  return R"({"type":"array","items":{"enum":[)" + all + "]}}";
}

std::string_view nested(std::string_view key) {
  static const std::string kPresets = names_schema(mapping::preset_names());
  static const std::string kNoise = names_schema(mapping::noise_names());
  if (key == "presets") return kPresets;
  if (key == "keep_noise") return kNoise;
  const auto* const it = std::find_if(kNested.begin(), kNested.end(),
                                      [&](const Named& one) { return one.first == key; });
  return it == kNested.end() ? std::string_view() : it->second;
}

}  // namespace

std::string config_json_schema() {
  json::Writer object;
  config::write_object_schema(object, schema(), nested);
  // Merge the object's members with those that identify the schema.
  const std::string text = std::move(object).take();
  std::string out =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"etc/w2thive.json",)";
  out += text.substr(1, text.size() - 2);
  out += ",\"$defs\":{";
  out += choice_schema("choice", R"({"$ref":"#/$defs/text"})");
  out += choice_schema("key_choice", R"({"$ref":"#/$defs/key_text"})");
  out += choice_schema("severity", step_schema(1, 4));
  out += choice_schema("tlp", step_schema(0, 4));
  out += choice_schema("pap", step_schema(0, 3));
  out += kDefinitions;
  out += "}}";
  return json::pretty(out);
}

}  // namespace socbridge::integration
