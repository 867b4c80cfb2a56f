// SPDX-License-Identifier: Apache-2.0
#include "json/value.h"

#include "base/text.h"
#include "json/node.h"
#include "json/number.h"

namespace socbridge::json {
namespace {

const Node& node(const void* p) { return *static_cast<const Node*>(p); }

// Most names differ in their first byte. An empty name has a NUL there.
bool begins_with(const Node& key, char first) {
  return *static_cast<const char*>(key.data) == first;
}

// The longest member name that is `dotted` or its part before one of its points.
struct Longest {
  const Node* key = nullptr;
  bool only = true;  // no shorter name matches
};

Longest longest_name(const Node& object, std::string_view dotted) {
  Longest out;
  const bool any = dotted.empty() || dotted.front() == '.';  // an empty name is possible
  const char first = any ? '\0' : dotted.front();
  for (std::size_t i = 0; i < object.size; ++i) {
    const Node& key = object.key(i);
    if (!any && !begins_with(key, first)) continue;
    const std::size_t size = key.size;
    if (size > dotted.size() || (size < dotted.size() && dotted[size] != '.')) continue;
    if (key.text() != dotted.substr(0, size)) continue;
    if (out.key != nullptr && size != out.key->size) out.only = false;
    if (out.key == nullptr || size > out.key->size) out.key = &key;
  }
  return out;
}

// Tries the matching names, from the one of `end` bytes to the shortest.
const Node* try_each(const Node& object,  // NOLINT(misc-no-recursion)
                     std::string_view dotted, std::size_t occurrence, std::size_t end) {
  while (true) {
    const std::string_view name = dotted.substr(0, end);
    const bool last = end == dotted.size();
    std::size_t skip = last ? occurrence : 0;
    for (std::size_t i = 0; i < object.size; ++i) {
      if (object.key(i).text() != name || skip-- != 0) continue;
      if (last) return &object.key(i);
      // Only the first member of a name counts; if it leads nowhere, a shorter name may.
      if (const Node* found = find_key(object.member(i), dotted.substr(end + 1), occurrence)) {
        return found;
      }
      break;
    }
    const std::size_t dot = end == 0 ? std::string_view::npos : dotted.rfind('.', end - 1);
    if (dot == std::string_view::npos) return nullptr;
    end = dot;
  }
}

}  // namespace

// Nearly always only one name matches: one pass finds it.
const Node* find_key(const Node& object,  // NOLINT(misc-no-recursion)
                     std::string_view dotted, std::size_t occurrence) {
  if (object.type != Type::object) return nullptr;
  if (occurrence > 0) return try_each(object, dotted, occurrence, dotted.size());
  const Longest longest = longest_name(object, dotted);
  if (longest.key == nullptr || longest.key->size == dotted.size()) return longest.key;
  const std::string_view rest = dotted.substr(longest.key->size + 1);
  if (const Node* found = find_key(longest.key[1], rest, 0)) return found;
  if (longest.only) return nullptr;
  return try_each(object, dotted, 0, dotted.rfind('.', longest.key->size - 1));
}

const char* type_name(Type type) {
  switch (type) {
    case Type::missing: return "missing";
    case Type::null: return "null";
    case Type::boolean: return "boolean";
    case Type::number: return "number";
    case Type::string: return "string";
    case Type::array: return "array";
    case Type::object: return "object";
  }
  return "";
}

Type Value::type() const { return node_ == nullptr ? Type::missing : node(node_).type; }

Value Value::operator[](std::string_view name) const {
  if (!is_object()) return {};
  const Node& object = node(node_);
  const char first = name.empty() ? '\0' : name.front();
  for (std::size_t i = 0; i < object.size; ++i) {
    const Node& key = object.key(i);
    if (begins_with(key, first) && key.text() == name) return Value(&object.member(i));
  }
  return {};
}

Value Value::at(std::size_t index) const {
  if (!is_array() || index >= node(node_).size) return {};
  return Value(node(node_).children() + index);
}

std::size_t Value::size() const { return is_array() || is_object() ? node(node_).size : 0; }

std::string_view Value::key_at(std::size_t index) const {
  if (!is_object() || index >= node(node_).size) return {};
  return node(node_).key(index).text();
}

Value Value::value_at(std::size_t index) const {
  if (is_array()) return at(index);
  if (!is_object() || index >= node(node_).size) return {};
  return Value(&node(node_).member(index));
}

std::optional<std::string_view> Value::string() const {
  if (!is_string()) return std::nullopt;
  return node(node_).text();
}

std::optional<bool> Value::boolean() const {
  if (type() != Type::boolean) return std::nullopt;
  return node(node_).flag;
}

std::optional<std::int64_t> Value::integer() const {
  if (!is_number()) return std::nullopt;
  return whole_number(node(node_).text());
}

std::optional<double> Value::number() const {
  if (!is_number()) return std::nullopt;
  return real_number(node(node_).text());
}

std::optional<std::string> Value::scalar_text() const {
  switch (type()) {
    case Type::string: return std::string(node(node_).text());
    case Type::number: return plain_number(node(node_).text());
    case Type::boolean: return node(node_).flag ? "true" : "false";
    default: return std::nullopt;
  }
}

std::vector<std::string> Value::texts() const {
  std::vector<std::string> out;
  if (!is_array()) return out;
  for (std::size_t i = 0; i < size(); ++i) out.push_back(at(i).text());
  return out;
}

std::optional<std::int64_t> Value::lenient_integer() const {
  if (is_number()) return integer();
  const auto text = string();
  if (!text) return std::nullopt;
  std::string_view digits = *text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const auto value = parse_u64(digits);
  if (!value || *value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(*value);
  return negative ? -whole : whole;
}

Value Value::path(std::string_view dotted) const {
  if (!is_object()) return {};
  const Node* key = find_key(node(node_), dotted, 0);
  return key == nullptr ? Value() : Value(key + 1);
}

}  // namespace socbridge::json
