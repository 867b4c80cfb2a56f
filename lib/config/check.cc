// SPDX-License-Identifier: Apache-2.0
#include "config/check.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "json/writer.h"

namespace socbridge::config {
namespace {

constexpr std::size_t kShown = 60;       // characters of a value or name in an error
constexpr std::size_t kMostListed = 20;  // known keys in an error

std::string phrase(json::Type type) {
  switch (type) {
    case json::Type::array: return "an array";
    case json::Type::object: return "an object";
    case json::Type::null: return "null";
    default: return std::string("a ") + json::type_name(type);
  }
}

std::string shown(json::Value value) {
  if (const auto text = value.string()) return "\"" + printable(*text, kShown) + "\"";
  if (const auto text = value.scalar_text()) return printable(*text, kShown);
  return phrase(value.type());
}

Status must_be(const Key& key, const std::string& what, const std::string& is,
               std::string hint = {}) {
  return Status::error(ExitCode::usage,
                       std::string(key.name) + " must be " + what + " (is " + is + ")",
                       std::move(hint));
}

bool has_kind(Kind kind, json::Value value) {
  switch (kind) {
    case Kind::string:
    case Kind::secret: return value.is_string();
    case Kind::integer: return value.integer().has_value();
    case Kind::boolean: return value.boolean().has_value();
    case Kind::object: return value.is_object();
    case Kind::string_list:
    case Kind::array: return value.is_array();
  }
  return false;
}

bool is_choice(const Key& key, std::string_view text) {
  return std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end();
}

Status check_choice(const Key& key, json::Value value) {
  const std::string text = value.text();
  if (is_choice(key, text)) return {};
  const std::string_view near =
      text.empty() || text.size() > kShown ? std::string_view() : nearest(text, key.choices);
  return must_be(key, "one of " + joined(key.choices), shown(value),
                 near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
}

Status check_range(const Key& key, json::Value value) {
  if (key.min == 0 && key.max == 0) return {};
  const std::int64_t number = value.integer().value_or(0);
  if (number >= key.min && number <= key.max) return {};
  return must_be(key, std::to_string(key.min) + " to " + std::to_string(key.max), shown(value));
}

Status check_elements(const Key& key, json::Value value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.at(i).is_string()) continue;
    return must_be(key, kind_phrase(key.kind),
                   shown(value.at(i)) + " at position " + std::to_string(i + 1));
  }
  return {};
}

std::optional<std::string> whole_number_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto number = parse_u64(text);
  if (!number) return std::nullopt;
  return (negative ? "-" : "") + std::to_string(*number);
}

std::optional<std::string> boolean_text(std::string_view text) {
  for (const std::string_view yes : {"true", "1", "yes"}) {
    if (iequals(text, yes)) return "true";
  }
  for (const std::string_view no : {"false", "0", "no"}) {
    if (iequals(text, no)) return "false";
  }
  return std::nullopt;
}

std::string list_text(std::string_view text) {
  json::Writer writer;
  writer.begin_array();
  for (const std::string_view part : split(text, ',')) {
    if (const std::string_view item = trim(part); !item.empty()) writer.value(item);
  }
  writer.end_array();
  return std::move(writer).take();
}

}  // namespace

const char* kind_phrase(Kind kind) {
  switch (kind) {
    case Kind::string: return "a string in double quotes";
    case Kind::integer: return "a whole number";
    case Kind::boolean: return "true or false";
    case Kind::string_list: return "an array of strings";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
    case Kind::secret: return "a string in double quotes";
  }
  return "";
}

Status check(const Key& key, json::Value value) {
  // A choice that looks like a number may be a JSON number: "thehive_version": 5.
  const bool choice = key.kind == Kind::string && !key.choices.empty();
  if (choice && (value.is_string() || value.is_number())) return check_choice(key, value);
  if (!has_kind(key.kind, value)) {
    const bool hidden = key.kind == Kind::secret || value.is_string();
    return must_be(key, kind_phrase(key.kind), hidden ? phrase(value.type()) : shown(value));
  }
  if (key.kind == Kind::integer) return check_range(key, value);
  if (key.kind == Kind::string_list) return check_elements(key, value);
  return {};
}

std::optional<std::string> json_from_text(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::string: return json::quote(text);
    case Kind::integer: return whole_number_text(trim(text));
    case Kind::boolean: return boolean_text(trim(text));
    case Kind::string_list: return list_text(text);
    case Kind::array:
    case Kind::object: {
      const auto document = json::Document::parse(text, json::ParseOptions::configuration());
      if (!document.ok()) return std::nullopt;
      return document->root().dump();
    }
    case Kind::secret: return std::nullopt;
  }
  return std::nullopt;
}

Status unknown_key(const Schema& schema, std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(schema.size());
  for (const Key& key : schema) known.push_back(key.name);
  const std::string_view near = name.size() > kShown ? std::string_view() : nearest(name, known);
  std::string hint = "did you mean \"" + std::string(near) + "\"?";
  if (near.empty()) {
    hint = known.size() > kMostListed ? "`socctl config explain` lists the known keys"
                                      : "known are " + joined(known);
  }
  return Status::error(ExitCode::usage, "unknown key \"" + printable(name, kShown) + "\"",
                       std::move(hint));
}

bool is_pin_list(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256//";
  constexpr std::size_t kDigits = 43;  // of 32 bytes, followed by one =
  const std::vector<std::string_view> pins = split(text, ';');
  return std::all_of(pins.begin(), pins.end(), [&](std::string_view pin) {
    if (!pin.starts_with(kPrefix)) return false;
    pin.remove_prefix(kPrefix.size());
    return pin.size() == kDigits + 1 && pin.back() == '=' &&
           pin.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789+/") == kDigits;
  });
}

}  // namespace socbridge::config
