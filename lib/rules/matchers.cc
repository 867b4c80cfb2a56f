// SPDX-License-Identifier: Apache-2.0
#include "rules/matchers.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace socbridge::rules {
std::optional<NumberRange> NumberRange::parse(std::string_view text) {
  text = trim(text);
  const std::size_t dash = text.find('-');
  const auto from = parse_u64(trim(text.substr(0, dash)));
  const std::string_view end = dash == std::string_view::npos ? text : trim(text.substr(dash + 1));
  const bool open = dash != std::string_view::npos && end.empty();
  const auto to = open ? std::numeric_limits<std::uint64_t>::max() : parse_u64(end);
  if (!from || !to || *from > *to) return std::nullopt;
  return NumberRange{*from, *to};
}

std::optional<double> parse_decimal(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<ValueRange> ValueRange::parse(std::string_view text) {
  text = trim(text);
  ValueRange range;
  range.from = -std::numeric_limits<double>::infinity();
  range.to = std::numeric_limits<double>::infinity();
  if (!text.empty() && (text.front() == '<' || text.front() == '>')) {
    const bool below = text.front() == '<';
    const bool included = text.size() > 1 && text[1] == '=';
    const auto bound = parse_decimal(trim(text.substr(included ? 2 : 1)));
    if (!bound) return std::nullopt;
    (below ? range.to : range.from) = *bound;
    (below ? range.to_included : range.from_included) = included;
    return range;
  }
  // A leading minus belongs to the first number.
  const std::size_t dash = text.find('-', 1);
  const auto from = parse_decimal(trim(text.substr(0, dash)));
  const auto to =
      dash == std::string_view::npos ? from : parse_decimal(trim(text.substr(dash + 1)));
  if (!from || !to || *from > *to) return std::nullopt;
  range.from = *from;
  range.to = *to;
  return range;
}

bool ValueRange::holds(std::string_view number) const {
  const auto value = parse_decimal(trim(number));
  if (!value) return false;
  const bool above = from_included ? *value >= from : *value > from;
  return above && (to_included ? *value <= to : *value < to);
}

}  // namespace socbridge::rules
