// SPDX-License-Identifier: Apache-2.0
#include "config/json_schema.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::config {
namespace {

// A choice that looks like a number may be a JSON number (config/check.cc).
void write_choices(json::Writer& w, const Key& key) {
  const bool numbers = std::any_of(key.choices.begin(), key.choices.end(),
                                   [](std::string_view choice) { return parse_u64(choice); });
  if (!numbers) w.member("type", "string");
  w.key("enum");
  w.begin_array();
  for (const std::string_view choice : key.choices) w.value(choice);
  for (const std::string_view choice : key.choices) {
    if (const auto number = parse_u64(choice)) w.value(*number);
  }
  w.end_array();
}

void write_kind(json::Writer& w, const Key& key, NestedSchema nested) {
  switch (key.kind) {
    case Kind::string:
    case Kind::secret:
      if (!key.choices.empty()) return write_choices(w, key);
      w.member("type", "string");
      return;
    case Kind::integer:
      w.member("type", "integer");
      if (key.min == 0 && key.max == 0) return;
      w.member("minimum", key.min);
      w.member("maximum", key.max);
      return;
    case Kind::boolean: w.member("type", "boolean"); return;
    case Kind::string_list:
      w.member("type", "array");
      w.key("items");
      w.raw(R"({"type":"string"})");
      return;
    case Kind::array: w.member("type", "array"); return;
    case Kind::object:
      w.member("type", "object");
      if (key.row == nullptr) return;
      w.key("additionalProperties");
      write_object_schema(w, key.row(), nested);
      return;
  }
}

void write_key(json::Writer& w, const Key& key, NestedSchema nested) {
  w.key(key.name);
  w.begin_object();
  w.member("description", key.doc);
  if (!key.default_json.empty() && key.kind != Kind::secret) {
    w.key("default");
    w.raw(key.default_json);
  }
  const std::string_view inner = nested == nullptr ? std::string_view() : nested(key.name);
  if (inner.empty() || key.row != nullptr) write_kind(w, key, nested);
  if (!inner.empty()) {
    w.key("allOf");
    w.begin_array();
    w.raw(inner);
    w.end_array();
  }
  w.end_object();
}

}  // namespace

void write_object_schema(json::Writer& w, const Schema& schema, NestedSchema nested) {
  w.begin_object();
  w.member("type", "object");
  w.member("additionalProperties", false);
  w.key("properties");
  w.begin_object();
  for (const Key& key : schema) write_key(w, key, nested);
  w.end_object();
  w.end_object();
}

}  // namespace socbridge::config
