// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/query/query_match.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "soc-sandbox/thehive/v4_errors.h"

namespace socbridge::sandbox {
namespace {

using How = Match::How;

struct Operator {
  std::string_view name;
  How how;
  bool in_v4;
};
constexpr Operator kOperators[] = {
    {"_eq", How::equal, false},       {"_is", How::equal, true},
    {"_in", How::equal, true},        {"_ne", How::differs, true},
    {"_lt", How::less, true},         {"_lte", How::at_most, true},
    {"_gt", How::more, true},         {"_gte", How::at_least, true},
    {"_between", How::between, true}, {"_like", How::like, true},
    {"_match", How::word, false},     {"_startsWith", How::starts, true},
    {"_endsWith", How::ends, true},
};

const Operator* find_operator(std::string_view name, const Version& version) {
  for (const Operator& op : kOperators) {
    if (op.name == name && (op.in_v4 || !version.v4())) return &op;
  }
  return nullptr;
}

// `*` matches any characters. Iterative, so that no pattern causes deep recursion or a slow match.
bool wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

template <typename T>
bool compare(How how, const T& value, const std::vector<T>& with) {
  switch (how) {
    case How::equal: return std::find(with.begin(), with.end(), value) != with.end();
    case How::differs: return value != with[0];
    case How::less: return value < with[0];
    case How::at_most: return value <= with[0];
    case How::more: return value > with[0];
    case How::at_least: return value >= with[0];
    case How::between: return value >= with[0] && value < with[1];
    default: return false;
  }
}

bool compare_text(How how, std::string_view value, const std::vector<std::string>& with) {
  if (how == How::starts) return value.starts_with(with[0]);
  if (how == How::ends) return value.ends_with(with[0]);
  if (how == How::like) return wildcard(with[0], ascii_lower(value));
  if (how == How::word) return ascii_lower(value).find(with[0]) != std::string::npos;
  return compare(how, std::string(value), with);
}

// A number, or since 5.2 `{"amount":1,"unit":"hours","look":"behind"}`.
std::optional<std::int64_t> read_number(const json::Value& value, const Version& version) {
  if (value.is_number()) return value.integer();
  if (!value.is_object() || version < Version{5, 2, 0}) return std::nullopt;
  static const std::map<std::string_view, std::int64_t> kUnits = {
      {"seconds", 1000},    {"minutes", 60000},     {"hours", 3600000},    {"days", 86400000},
      {"weeks", 604800000}, {"months", 2592000000}, {"years", 31536000000}};
  const auto unit = kUnits.find(value["unit"].string_or_empty());
  const auto amount = value["amount"].integer();
  const auto look = value["look"].string().value_or("behind");
  constexpr std::int64_t kMost = 100000;
  if (unit == kUnits.end() || !amount || *amount < 0 || *amount > kMost) return std::nullopt;
  const std::int64_t span = *amount * unit->second;
  return look == "ahead" ? wall_now_ms() + span : wall_now_ms() - span;
}

// Adds one value in the shape of the property. False if it has another type.
bool add_value(const json::Value& value, Shape shape, const Version& version, Match& out) {
  if (shape == Shape::flag) {
    const auto flag = value.boolean();
    if (flag) out.flags.push_back(*flag);
    return flag.has_value();
  }
  if (shape == Shape::number) {
    const auto number = read_number(value, version);
    if (number) out.numbers.push_back(*number);
    return number.has_value();
  }
  const auto text = value.string();
  if (!text) return false;
  std::string wanted(*text);
  if (out.how == How::like || out.how == How::word) wanted = ascii_lower(wanted);
  // Version 5 searches for a part; version 4 uses the pattern unchanged.
  if (out.how == How::like && !version.v4()) wanted = "*" + wanted + "*";
  out.texts.push_back(std::move(wanted));
  return true;
}

bool fits(How how, Shape shape) {
  const bool is_text = shape == Shape::text || shape == Shape::texts;
  if (how == How::like || how == How::word || how == How::starts || how == How::ends)
    return is_text;
  return how == How::equal || how == How::differs || shape != Shape::flag;
}

const char* format_of(Shape shape) {
  if (shape == Shape::number) return "int";
  return shape == Shape::flag ? "boolean" : "string";
}

}  // namespace

bool Match::holds(const Datum& value) const {
  if (std::holds_alternative<std::monostate>(value)) return how == How::differs;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return compare_text(how, *text, texts);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) return compare(how, *number, numbers);
  if (const auto* flag = std::get_if<bool>(&value)) return compare(how, *flag, flags);
  const std::vector<std::string>& list = *std::get<const std::vector<std::string>*>(value);
  const auto holds_for = [&](const std::string& one) { return compare_text(how, one, texts); };
  return how == How::differs ? std::all_of(list.begin(), list.end(), holds_for)
                             : std::any_of(list.begin(), list.end(), holds_for);
}

bool is_match_operator(std::string_view op, const Version& version) {
  return find_operator(op, version) != nullptr;
}

std::optional<ApiError> make_match(std::string_view op, const json::Value& operand,
                                   const Property& property, const Version& version, Match& out) {
  out.how = find_operator(op, version)->how;
  const auto wrong = [&](const char* why) {
    return bad_request("Invalid query: " + std::string(op) + " of " + std::string(property.name) +
                       " " + why);
  };
  if (!fits(out.how, property.shape)) return wrong("does not fit the property");
  std::vector<json::Value> values;
  if (op == "_in") {
    const json::Value list = operand["_values"];
    if (!list.is_array()) return wrong("needs the array _values");
    for (std::size_t i = 0; i < list.size(); ++i) values.push_back(list.at(i));
  } else if (out.how == How::between) {
    values = {operand["_from"], operand["_to"]};
  } else {
    values = {operand["_value"]};
  }
  for (const json::Value& value : values) {
    if (add_value(value, property.shape, version, out)) continue;
    if (!version.v4()) return wrong("has a value of another type");
    const bool is_date = property.shape == Shape::number && value.is_object();
    const char* const format = is_date ? "date" : format_of(property.shape);
    return invalid_format("", scala_text(value), format, {format});
  }
  return std::nullopt;
}

}  // namespace socbridge::sandbox
