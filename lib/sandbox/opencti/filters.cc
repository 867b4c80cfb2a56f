#include "sandbox/opencti/filters.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

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

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

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
    return Refusal{"BAD_USER_INPUT",
                   "Variable \"$filters\" got invalid value; key and values are lists."};
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string key = text_of(names.at(i));
    if (!has(keys(), std::string_view(key).substr(0, key.find('.')))) {
      return Refusal{"UNSUPPORTED_ERROR",
                     "incorrect filter keys not existing in any schema definition: " + key};
    }
  }
  const std::string op = text_of(filter["operator"]);
  if (!op.empty() && !has(operators(), op)) {
    return Refusal{"BAD_USER_INPUT",
                   "Value \"" + op + "\" does not exist in \"FilterOperator\" enum."};
  }
  return std::nullopt;
}

std::optional<Refusal> check_group(json::Value group) {
  for (const char* member : {"mode", "filters", "filterGroups"}) {
    if (group[member].missing()) {
      return Refusal{"BAD_USER_INPUT", "Variable \"$filters\" got invalid value; Field \"" +
                                           std::string(member) + "\" was not provided."};
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
    return {text_of(entity.property("hashes")[key.substr(kHashes.size())])};
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

bool passes_one(const Graph& graph, const Entity& entity, json::Value filter) {
  std::string op = text_of(filter["operator"]);
  if (op.empty()) op = "eq";
  std::vector<std::string> have;
  const json::Value names = filter["key"];
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::string& text : values_of(graph, entity, text_of(names.at(i)))) {
      if (!text.empty()) have.push_back(std::move(text));
    }
  }
  if (op == "nil") return have.empty();
  if (op == "not_nil") return !have.empty();
  const bool every = text_of(filter["mode"]) == "and";
  const bool negated = op.starts_with("not_");
  const json::Value wanted = filter["values"];
  std::size_t found = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string one = text_of(wanted.at(i));
    found += std::any_of(have.begin(), have.end(),
                         [&](const std::string& text) { return compare(text, one, op); })
                 ? std::size_t{1}
                 : 0;
  }
  if (negated) return found == 0;
  return every ? found == wanted.size() : found > 0;
}

}  // namespace

std::optional<Refusal> check_filters(json::Value group) {
  if (!group.is_object()) return std::nullopt;
  if (auto bad = check_group(group)) return bad;
  if (clauses(group) > kMostClauses) {
    return Refusal{"COMPLEX_SEARCH_ERROR", "Executing this search is too complex"};
  }
  return std::nullopt;
}

bool passes(const Graph& graph, const Entity& entity, json::Value group) {
  if (!group.is_object()) return true;
  const json::Value filters = group["filters"];
  const json::Value groups = group["filterGroups"];
  const std::size_t count = filters.size() + groups.size();
  if (count == 0) return true;
  std::size_t passed = 0;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    passed += passes_one(graph, entity, filters.at(i)) ? std::size_t{1} : 0;
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    passed += passes(graph, entity, groups.at(i)) ? std::size_t{1} : 0;
  }
  return text_of(group["mode"]) == "or" ? passed > 0 : passed == count;
}

}  // namespace socbridge::sandbox::opencti
