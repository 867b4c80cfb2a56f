// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/fields.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "soc-sandbox/thehive/v4_errors.h"

namespace socbridge::sandbox {

Fields::Fields(json::Value object, const Version& version, std::string prefix)
    : object_(object), version_(version), prefix_(std::move(prefix)) {}

json::Value Fields::present(const char* name) const {
  const json::Value value = object_[name];
  return value.type() == json::Type::null ? json::Value() : value;
}

bool Fields::has(const char* name) const { return !present(name).missing(); }

void Fields::missing(const char* name) {
  errors_.push_back({prefix_ + name, "MissingAttributeError", "", "is missing", "", ""});
}

void Fields::invalid(const char* name, const std::string& format, const std::string& why,
                     const std::string& accepted) {
  errors_.push_back({prefix_ + name, "InvalidFormatAttributeError", format, why,
                     accepted.empty() ? format : accepted, scala_text(object_[name])});
}

void Fields::add(const Fields& inner) {
  errors_.insert(errors_.end(), inner.errors_.begin(), inner.errors_.end());
}

std::optional<std::string> Fields::text(const char* name, std::size_t shortest,
                                        std::size_t longest) {
  const json::Value value = present(name);
  if (value.missing()) return std::nullopt;
  const auto text = value.string();
  if (!text) {
    invalid(name, "string", std::string("must be a string, not ") + json::type_name(value.type()));
    return std::nullopt;
  }
  if (!version_.v4()) {
    const std::size_t length = utf16_length(*text);
    if (length < shortest || length > longest) {
      invalid(name, "string",
              "must have " + std::to_string(shortest) + " to " + std::to_string(longest) +
                  " characters, has " + std::to_string(length));
      return std::nullopt;
    }
  }
  return std::string(*text);
}

std::string Fields::required_text(const char* name, std::size_t shortest, std::size_t longest) {
  if (!has(name)) {
    missing(name);
    return {};
  }
  return text(name, shortest, longest).value_or(std::string());
}

std::optional<std::int64_t> Fields::integer(const char* name) {
  const json::Value value = present(name);
  if (value.missing()) return std::nullopt;
  auto number = value.integer();
  // Version 4.1 also accepts digits in a text.
  if (const auto text = value.string(); text && version_.v4()) {
    if (const auto digits = parse_u64(*text)) number = static_cast<std::int64_t>(*digits);
  }
  if (!number) invalid(name, "date", "must be a whole number");
  return number;
}

std::optional<int> Fields::choice(const char* name, int lowest, int highest) {
  const json::Value value = present(name);
  if (value.missing()) return std::nullopt;
  const auto number = value.integer();
  if (!number) {
    invalid(name, "int", "must be a whole number");
    return std::nullopt;
  }
  // Version 4 stores any value (Conversion.scala), as long as it is a 32 bit number.
  constexpr std::int64_t kInt = 2147483647;
  const bool fits = version_.v4() ? *number >= -kInt - 1 && *number <= kInt
                                  : *number >= lowest && *number <= highest;
  if (fits) return static_cast<int>(*number);
  invalid(name, "int",
          "must be " + std::to_string(lowest) + " to " + std::to_string(highest) + ", is " +
              std::to_string(*number));
  return std::nullopt;
}

std::optional<bool> Fields::flag(const char* name) {
  const json::Value value = present(name);
  if (value.missing()) return std::nullopt;
  const auto flag = value.boolean();
  if (!flag) invalid(name, "boolean", "must be true or false");
  return flag;
}

std::optional<std::vector<std::string>> Fields::tags(const char* name) {
  const json::Value value = present(name);
  if (value.missing()) return std::nullopt;
  if (!value.is_array()) {
    invalid(name, "array", "must be an array of strings");
    return std::nullopt;
  }
  constexpr std::size_t kLongest = 128;
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto tag = value.at(i).string();
    const std::size_t length = tag ? utf16_length(*tag) : 0;
    if (!tag || (!version_.v4() && (length == 0 || length > kLongest))) {
      invalid(name, "string", "every element must be a string of 1 to 128 characters");
      return std::nullopt;
    }
    if (std::find(tags.begin(), tags.end(), *tag) == tags.end()) {
      tags.emplace_back(*tag);
    } else if (!version_.v4()) {
      invalid(name, "array", "holds an element twice");
      return std::nullopt;
    }
  }
  return tags;
}

ApiError Fields::error() const {
  if (version_.v4()) return error_of_v4();
  std::string message;
  for (const Error& one : errors_) {
    message += (message.empty() ? "" : ", ") + one.name + " " + one.why;
  }
  return bad_request("Invalid input: " + message);
}

ApiError Fields::error_of_v4() const {
  ApiError error = bad_request("");
  error.type = "AttributeCheckingError";
  std::string list;
  for (const Error& one : errors_) {
    ApiError about;
    if (one.kind == "MissingAttributeError") {
      about.message = "[Attribute " + one.name + " is missing]";
      about.more =
          R"("errors":[{"name":)" + json::quote(one.name) + R"(,"type":"MissingAttributeError"}])";
    } else {
      about = invalid_format(one.name, one.value, one.format, {one.accepted});
    }
    error.message += about.message;
    constexpr std::size_t kAround = std::string_view("\"errors\":[").size();
    list += (list.empty() ? "" : ",") + about.more.substr(kAround, about.more.size() - kAround - 1);
  }
  error.more = "\"errors\":[" + list + "]";
  return error;
}

}  // namespace socbridge::sandbox
