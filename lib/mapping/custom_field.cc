// SPDX-License-Identifier: Apache-2.0
#include "mapping/custom_field.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "rules/matchers.h"
#include "rules/reading.h"

namespace socbridge::mapping {
namespace {

// Doubles hold integers up to here exactly.
constexpr double kExact = 9007199254740992.0;

std::optional<std::string> integer_of(std::string_view text) {
  const auto number = rules::parse_decimal(text);
  if (!number || *number != std::floor(*number) || std::abs(*number) > kExact) return std::nullopt;
  return std::to_string(static_cast<std::int64_t>(*number));
}

// The number as spelled, corrected where JSON does not allow it: `.5`, `5.` and `007`. Keeps all
// digits.
std::optional<std::string> real_of(std::string_view text) {
  constexpr const char* kDigits = "0123456789";
  if (!rules::parse_decimal(text)) return std::nullopt;
  std::string out = text.starts_with('-') ? "-" : "";
  text.remove_prefix(out.size());
  std::string_view whole = text.substr(0, text.find_first_not_of(kDigits));
  text.remove_prefix(whole.size());
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  out += whole.empty() ? "0" : whole;
  if (text.starts_with('.')) {
    const std::string_view fraction = text.substr(0, text.find_first_not_of(kDigits, 1));
    if (fraction.size() > 1) out += fraction;
    text.remove_prefix(fraction.size());
  }
  return out.append(text);  // an exponent
}

std::optional<std::string> boolean_of(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (iequals(text, yes)) return "true";
  }
  for (const std::string_view no : {"false", "no", "off", "0"}) {
    if (iequals(text, no)) return "false";
  }
  return std::nullopt;
}

std::optional<std::string> date_of(std::string_view text) {
  if (const auto time = parse_timestamp(text)) return std::to_string(*time);
  constexpr double kFirstMillis = 1e11;  // 1973 in milliseconds, the year 5138 in seconds
  constexpr double kMillis = 1000;
  const auto number = rules::parse_decimal(text);
  if (!number || *number < 0 || *number > kExact / kMillis) return std::nullopt;
  return std::to_string(std::llround(*number < kFirstMillis ? *number * kMillis : *number));
}

std::optional<std::string> scalar_of(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::integer: return integer_of(text);
    case FieldType::floating: return real_of(text);
    case FieldType::boolean: return boolean_of(text);
    case FieldType::date: return date_of(text);
    case FieldType::automatic:
    case FieldType::string: break;
  }
  return json::quote(text);
}

const char* type_phrase(FieldType type) {
  switch (type) {
    case FieldType::integer: return "a whole number";
    case FieldType::floating: return "a number";
    case FieldType::boolean: return "true or false";
    case FieldType::date: return "a date";
    case FieldType::automatic:
    case FieldType::string: break;
  }
  return "a text";
}

}  // namespace

CustomFieldValue custom_field_value(const CustomFieldSource& source,
                                    const rules::Subject& subject) {
  if (source.type == FieldType::automatic) return {source.value.json(subject), {}};
  if (source.type == FieldType::string) {
    const std::string text = source.value.text(subject);
    return {text.empty() ? std::string() : json::quote(text), {}};
  }
  const std::vector<std::string> values = source.value.list(subject);
  if (values.empty()) return {};
  if (values.size() > 1) {
    return {{},
            "a list of " + std::to_string(values.size()) + " values is not " +
                type_phrase(source.type) + "; add |first, or make the field a string"};
  }
  auto json = scalar_of(source.type, trim(values.front()));
  if (json) return {std::move(*json), {}};
  return {{}, quoted(values.front()) + " is not " + type_phrase(source.type)};
}

}  // namespace socbridge::mapping
