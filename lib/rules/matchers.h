// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::rules {

// An integer `5710` or a range `100000-100999`, both ends included; `12-` has no upper end.
struct NumberRange {
  std::uint64_t from = 0, to = 0;
  static std::optional<NumberRange> parse(std::string_view text);
  bool holds(std::uint64_t number) const { return number >= from && number <= to; }
};

// A number `7.5`, or a range of numbers: `7-8.9` (both ends included), `>=7`, `>7`, `<=3`, `<3`.
struct ValueRange {
  double from = 0, to = 0;
  bool from_included = true, to_included = true;
  static std::optional<ValueRange> parse(std::string_view text);
  // False for a text that is not a decimal number.
  bool holds(std::string_view number) const;
};

// Decimal number with sign, fraction and exponent; empty if the complete text is not one.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace socbridge::rules
