// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/validate.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kPattern = 128, kTactic = 32, kFieldName = 64;

bool has_type(const json::Value& value, const std::string& type) {
  if (value.type() == json::Type::null) return true;  // a field without a value
  if (type == "string" || type == "url") return value.is_string();
  if (type == "boolean") return value.boolean().has_value();
  if (type == "float") return value.number().has_value();
  constexpr std::int64_t kInt = 2147483647;
  const auto number = value.integer();
  if (type == "integer") return number && *number >= -kInt - 1 && *number <= kInt;
  return number.has_value();  // date
}

std::optional<ApiError> read_one(std::string_view name, const json::Value& value,
                                 std::int64_t order, const Rules& rules,
                                 std::vector<CustomFieldValue>& out) {
  const auto field = rules.tables.custom_fields().find(name);
  if (field == rules.tables.custom_fields().end()) {
    return not_found("CustomField " + std::string(name) + " not found");
  }
  const std::string& type = field->second.type;
  if (!has_type(value, type) && rules.version.v4()) {
    // Like TheHive, the message gives the value, but not the field.
    return bad_request("Invalid value type for custom field.\n  Expected: " + type +
                       "\n  Found   : " + value.scalar_text().value_or(value.dump()));
  }
  if (!has_type(value, type)) {
    return bad_request("Invalid value for the custom field " + std::string(name) + " of type " +
                       type);
  }
  out.push_back({std::string(name), type, value.dump(), order});
  return std::nullopt;
}

// Version 4, old API: `{"name":{"string":"v","order":0}}` in addition to the plain form.
json::Value unwrap(const json::Value& value, const Rules& rules, std::int64_t& order) {
  if (!rules.v0 || !value.is_object()) return value;
  order = value["order"].integer().value_or(0);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.key_at(i) != "order") return value.value_at(i);
  }
  return value;
}

}  // namespace

std::optional<ApiError> read_custom_fields(const json::Value& value, const Rules& rules,
                                           std::vector<CustomFieldValue>& out) {
  if (!value.is_array() && !value.is_object()) {
    return bad_request("customFields must be an object or an array");
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json::Value item = value.value_at(i);
    if (value.is_object()) {
      std::int64_t order = static_cast<std::int64_t>(i);
      const json::Value inner = unwrap(item, rules, order);
      if (auto wrong = read_one(value.key_at(i), inner, order, rules, out)) return wrong;
      continue;
    }
    Fields fields(item, rules.version, "customFields[" + std::to_string(i) + "].");
    const std::string name = fields.required_text("name", 1, kFieldName);
    if (item["value"].missing()) fields.missing("value");
    const std::int64_t order = fields.integer("order").value_or(static_cast<std::int64_t>(i));
    if (!fields.ok()) return fields.error();
    if (auto wrong = read_one(name, item["value"], order, rules, out)) return wrong;
  }
  return std::nullopt;
}

std::optional<ApiError> read_procedure(const json::Value& body, const Rules& rules,
                                       const std::string& prefix, Procedure& out) {
  Fields fields(body, rules.version, prefix);
  if (!body.is_object()) {
    fields.invalid("", "object", "must be an object");
    return fields.error();
  }
  out.pattern_id = fields.required_text("patternId", 1, kPattern);
  if (!fields.has("occurDate")) fields.missing("occurDate");
  out.occurred = fields.integer("occurDate").value_or(0);
  out.tactic = fields.text("tactic", 1, kTactic).value_or("");
  out.description = fields.text("description", 0, kMegabyte).value_or("");
  out.created = rules.now;
  if (!fields.ok()) return fields.error();
  if (!is_known_pattern(out.pattern_id)) {
    return not_found("Pattern " + out.pattern_id + " not found");
  }
  if (!out.tactic.empty() && !is_tactic(out.tactic)) {
    return bad_request("Invalid tactic " + out.tactic);
  }
  return std::nullopt;
}

}  // namespace socbridge::sandbox
