// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/query/query_filter.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "base/time.h"
#include "soc-sandbox/thehive/query/query_match.h"
#include "soc-sandbox/thehive/v4_errors.h"

namespace socbridge::sandbox {
namespace {

constexpr int kDeepest = 64;

class Compiler {
 public:
  Compiler(Kind kind, const Version& version) : kind_(kind), version_(version) {}

  std::optional<ApiError> compile(const json::Value& filter, int depth, Predicate& out) const {
    if (depth > kDeepest) return bad_request("Invalid query: the filter is nested too deep");
    if (!filter.is_object()) return bad_request("Invalid query: a filter must be an object");
    std::string_view op;
    json::Value operand;
    int operators = 0;
    for (std::size_t i = 0; i < filter.size(); ++i) {
      if (filter.key_at(i) == "_name") continue;
      op = filter.key_at(i);
      operand = filter.value_at(i);
      ++operators;
    }
    if (operators != 1) return bad_request("Invalid query: a filter needs exactly one operator");
    return compile_one(op, operand, depth, out);
  }

 private:
  std::optional<ApiError> compile_one(std::string_view op, const json::Value& operand, int depth,
                                      Predicate& out) const {
    if (op == "_and" || op == "_or") return compile_list(op == "_and", operand, depth, out);
    if (op == "_not") {
      Predicate inner;
      if (auto wrong = compile(operand, depth + 1, inner)) return wrong;
      out = [inner](const Row& row) { return !inner(row); };
      return std::nullopt;
    }
    if (op == "_any") {
      out = [](const Row&) { return true; };
      return std::nullopt;
    }
    if (op == "_id") return compile_id(operand, out);
    if (op == "_has" || op == "_contains") return compile_has(op, operand, out);
    return compile_match(op, operand, out);
  }

  std::optional<ApiError> compile_list(bool all, const json::Value& list, int depth,
                                       Predicate& out) const {
    if (!list.is_array()) return bad_request("Invalid query: _and and _or need an array");
    std::vector<Predicate> inner(list.size());
    for (std::size_t i = 0; i < inner.size(); ++i) {
      if (auto wrong = compile(list.at(i), depth + 1, inner[i])) return wrong;
    }
    out = [all, inner](const Row& row) {
      const auto holds = [&](const Predicate& p) { return p(row); };
      return all ? std::all_of(inner.begin(), inner.end(), holds)
                 : std::any_of(inner.begin(), inner.end(), holds);
    };
    return std::nullopt;
  }

  std::optional<ApiError> compile_id(const json::Value& operand, Predicate& out) const {
    const Id id = parse_id(operand.string_or_empty());
    if (id == 0) return bad_request("Invalid query: _id needs an identifier such as ~123");
    out = [id](const Row& row) { return row_id(row) == id; };
    return std::nullopt;
  }

  std::optional<ApiError> property_of(const json::Value& field, const Property*& out) const {
    const auto name = field.string();
    if (!name) return bad_request("Invalid query: a filter needs _field");
    out = find_property(kind_, *name, version_);
    if (out != nullptr) return std::nullopt;
    return bad_request("Property " + std::string(*name) + " for type " +
                       type_text(kind_, version_) + " not found");
  }

  std::optional<ApiError> compile_has(std::string_view op, const json::Value& operand,
                                      Predicate& out) const {
    // `_has` is version 4's name for `_contains` (docs/protocols/thehive.md, "Query filters").
    if ((op == "_has") == version_.v4()) return unknown(op, operand);
    const Property* property = nullptr;
    if (auto wrong = property_of(operand, property)) return wrong;
    out = [property](const Row& row) {
      const Datum value = property->get(row);
      if (const auto* texts = std::get_if<const std::vector<std::string>*>(&value)) {
        return !(*texts)->empty();
      }
      return !std::holds_alternative<std::monostate>(value);
    };
    return std::nullopt;
  }

  std::optional<ApiError> compile_match(std::string_view op, const json::Value& operand,
                                        Predicate& out) const {
    if (!is_match_operator(op, version_)) return unknown(op, operand);
    if (!operand.is_object()) return bad_request("Invalid query: a filter needs _field");
    const Property* property = nullptr;
    if (auto wrong = property_of(operand["_field"], property)) return wrong;
    Match match;
    if (auto wrong = make_match(op, operand, *property, version_, match)) return wrong;
    out = [property, match = std::make_shared<const Match>(std::move(match))](const Row& row) {
      return match->holds(property->get(row));
    };
    return std::nullopt;
  }

  std::optional<ApiError> unknown(std::string_view op, const json::Value& operand) const {
    if (!version_.v4()) {
      return bad_request("Invalid query: unknown filter operator " + std::string(op));
    }
    const std::string whole =
        "FObject(Map(" + std::string(op) + " -> " + scala_text(operand) + "))";
    return invalid_format("", whole, "empty", {"query", "parentChildFilter"});
  }

  Kind kind_;
  const Version& version_;
};

}  // namespace

std::optional<ApiError> compile_filter(const json::Value& filter, Kind kind, const Version& version,
                                       Predicate& out) {
  return Compiler(kind, version).compile(filter, 0, out);
}

}  // namespace socbridge::sandbox
