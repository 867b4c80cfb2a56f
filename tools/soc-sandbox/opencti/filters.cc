// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/filters.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::sandbox::opencti {
namespace {

constexpr std::size_t kLongest = 512;
constexpr std::size_t kMostClauses = 1024;

const std::vector<std::string_view>& keys() {
  static const std::vector<std::string_view> all = {"value",
                                                    "name",
                                                    "account_login",
                                                    "user_id",
                                                    "display_name",
                                                    "attribute_key",
                                                    "path",
                                                    "number",
                                                    "subject",
                                                    "body",
                                                    "hashes",
                                                    "pattern",
                                                    "pattern_type",
                                                    "standard_id",
                                                    "id",
                                                    "ids",
                                                    "entity_type",
                                                    "objectLabel",
                                                    "objectMarking",
                                                    "createdBy",
                                                    "objects",
                                                    "connector_id",
                                                    "revoked",
                                                    "x_opencti_score",
                                                    "confidence",
                                                    "relationship_type",
                                                    "created_at",
                                                    "updated_at",
                                                    "modified",
                                                    "valid_until"};
  return all;
}

const std::vector<std::string_view>& operators() {
  static const std::vector<std::string_view> all = {
      "eq", "not_eq", "contains", "not_contains", "starts_with", "ends_with",
      "gt", "gte",    "lt",       "lte",          "nil",         "not_nil"};
  return all;
}

bool has(const std::vector<std::string_view>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::size_t clauses(json::Value group) {
  std::size_t out = 0;
  const json::Value filters = group["filters"];
  for (std::size_t i = 0; i < filters.size(); ++i) {
    out += filters.at(i)["key"].size() * filters.at(i)["values"].size();
  }
  const json::Value groups = group["filterGroups"];
  for (std::size_t i = 0; i < groups.size(); ++i) out += clauses(groups.at(i));
  return out;
}

std::optional<Refusal> check_one(json::Value filter) {
  const json::Value names = filter["key"];
  if (!names.is_array() || !filter["values"].is_array()) {
    return Refusal{
        "BAD_USER_INPUT", "Variable \"$filters\" got invalid value; key and values are lists.", {}};
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string key = names.at(i).text();
    if (!has(keys(), std::string_view(key).substr(0, key.find('.')))) {
      return Refusal{"UNSUPPORTED_ERROR",
                     "incorrect filter keys not existing in any schema definition",
                     "{\"keys\":[" + json::quote(key) + "]}"};
    }
  }
  const std::string op = filter["operator"].text();
  if (!op.empty() && !has(operators(), op)) {
    return Refusal{
        "BAD_USER_INPUT", "Value \"" + op + "\" does not exist in \"FilterOperator\" enum.", {}};
  }
  return std::nullopt;
}

std::optional<Refusal> check_group(json::Value group) {
  for (const char* member : {"mode", "filters", "filterGroups"}) {
    if (group[member].missing()) {
      return Refusal{"BAD_USER_INPUT",
                     "Variable \"$filters\" got invalid value; Field \"" + std::string(member) +
                         "\" was not provided.",
                     {}};
    }
  }
  const json::Value filters = group["filters"];
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (auto bad = check_one(filters.at(i))) return bad;
  }
  const json::Value groups = group["filterGroups"];
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (auto bad = check_group(groups.at(i))) return bad;
  }
  return std::nullopt;
}

std::vector<std::string> ids_of(const Graph& graph, const std::vector<std::string>& stix_ids) {
  std::vector<std::string> out = stix_ids;
  for (const std::string& id : stix_ids) {
    if (const Entity* other = graph.find(id)) out.push_back(other->id);
  }
  return out;
}

std::vector<std::string> values_of(const Graph& graph, const Entity& entity, std::string_view key) {
  constexpr std::string_view kHashes = "hashes.";
  if (key.starts_with(kHashes)) {
    return {entity.property("hashes")[key.substr(kHashes.size())].text()};
  }
  if (key == "id" || key == "ids") return {entity.id, entity.standard_id};
  if (key == "standard_id") return {entity.standard_id};
  if (key == "entity_type") return {entity.type};
  if (key == "objectLabel") return entity.texts("labels");
  if (key == "objectMarking") return ids_of(graph, entity.texts("object_marking_refs"));
  if (key == "objects") return ids_of(graph, entity.texts("object_refs"));
  if (key == "createdBy") return ids_of(graph, {entity.text("created_by_ref")});
  if (key == "attribute_key") return {entity.text("key")};
  if (key == "created_at") return {entity.created_at};
  if (key == "updated_at") return {entity.updated_at};
  return {entity.text(key)};
}

bool compare(const std::string& have, const std::string& wanted, std::string_view op) {
  const std::string a = ascii_lower(have);
  const std::string b = ascii_lower(wanted);
  if (op == "eq" || op == "not_eq") return a == b && a.size() <= kLongest && !a.empty();
  if (op == "contains" || op == "not_contains") {
    return a.size() <= kLongest && a.find(b) != std::string::npos;
  }
  if (op == "starts_with") return a.starts_with(b);
  if (op == "ends_with") return a.ends_with(b);
  const auto x = parse_u64(a);
  const auto y = parse_u64(b);
  const int order = x && y ? (*x < *y ? -1 : (*x > *y ? 1 : 0)) : a.compare(b);
  if (op == "gt") return order > 0;
  if (op == "gte") return order >= 0;
  if (op == "lt") return order < 0;
  return order <= 0;
}

bool passes_one(const Graph& graph, const Entity& entity, const Filters::One& filter) {
  std::vector<std::string> have;
  for (const std::string& key : filter.keys) {
    for (std::string& text : values_of(graph, entity, key)) {
      if (!text.empty()) have.push_back(std::move(text));
    }
  }
  if (filter.op == "nil") return have.empty();
  if (filter.op == "not_nil") return !have.empty();
  if (filter.op == "eq" && !filter.every) {
    return std::any_of(have.begin(), have.end(), [&](const std::string& text) {
      return text.size() <= kLongest && filter.lower.contains(ascii_lower(text));
    });
  }
  std::size_t found = 0;
  for (const std::string& one : filter.values) {
    const auto fits = [&](const std::string& text) { return compare(text, one, filter.op); };
    found += std::any_of(have.begin(), have.end(), fits) ? std::size_t{1} : 0;
  }
  if (filter.op.starts_with("not_")) return found == 0;
  return filter.every ? found == filter.values.size() : found > 0;
}

}  // namespace

std::optional<Refusal> check_filters(json::Value group) {
  if (!group.is_object()) return std::nullopt;
  if (auto bad = check_group(group)) return bad;
  if (clauses(group) > kMostClauses) {
    return Refusal{"COMPLEX_SEARCH_ERROR", "Executing this search is too complex", {}};
  }
  return std::nullopt;
}

Filters::Filters(json::Value group) {
  any_ = group["mode"].text() == "or";
  const json::Value filters = group["filters"];
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const json::Value from = filters.at(i);
    One one;
    one.op = from["operator"].text();
    if (one.op.empty()) one.op = "eq";
    one.every = from["mode"].text() == "and";
    for (std::size_t k = 0; k < from["key"].size(); ++k) {
      one.keys.push_back(from["key"].at(k).text());
    }
    const json::Value values = from["values"];
    for (std::size_t k = 0; k < values.size(); ++k) {
      one.values.push_back(values.at(k).text());
      one.lower.insert(ascii_lower(one.values.back()));
    }
    filters_.push_back(std::move(one));
  }
  const json::Value groups = group["filterGroups"];
  for (std::size_t i = 0; i < groups.size(); ++i) groups_.emplace_back(groups.at(i));
}

bool Filters::passes(const Graph& graph, const Entity& entity) const {
  const std::size_t count = filters_.size() + groups_.size();
  if (count == 0) return true;
  std::size_t passed = 0;
  for (const One& one : filters_) passed += passes_one(graph, entity, one) ? std::size_t{1} : 0;
  for (const Filters& one : groups_) passed += one.passes(graph, entity) ? std::size_t{1} : 0;
  return any_ ? passed > 0 : passed == count;
}

}  // namespace socbridge::sandbox::opencti
