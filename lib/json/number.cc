// SPDX-License-Identifier: Apache-2.0
#include "json/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include "base/text.h"

namespace socbridge::json {
namespace {

constexpr std::size_t kLongestPlain = 40;

bool digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && digit(text[end])) ++end;
  return end - at;
}

// The digits without sign, point or exponent, if the number is an integer and not too long.
std::optional<std::string> whole_digits(std::string_view spelling) {
  const std::size_t e = spelling.find_first_of("eE");
  const std::string_view mantissa = spelling.substr(0, e);
  long exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view power = spelling.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    constexpr long kFar = 1'000'000'000;  // leaves room to add digits without overflow
    if (error != std::errc() || exponent < -kFar || exponent > kFar) return std::nullopt;
  }
  const std::size_t point = mantissa.find('.');
  std::string all(mantissa.substr(0, point));
  if (point != std::string_view::npos) {
    const std::string_view fraction = mantissa.substr(point + 1);
    all += fraction;
    exponent -= static_cast<long>(fraction.size());
  }
  all.erase(0, all.find_first_not_of("-0"));
  if (all.empty()) return "0";
  while (exponent < 0 && all.ends_with('0')) {
    all.pop_back();
    ++exponent;
  }
  if (exponent < 0 || exponent > static_cast<long>(kLongestPlain)) return std::nullopt;
  all.append(static_cast<std::size_t>(exponent), '0');
  if (all.size() > kLongestPlain) return std::nullopt;
  return all;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view spelling) {
  std::int64_t value = 0;
  const char* end = spelling.data() + spelling.size();
  const auto direct = std::from_chars(spelling.data(), end, value);
  if (direct.ptr == end) {
    if (direct.ec == std::errc()) return value;
    return std::nullopt;
  }
  const auto digits_only = whole_digits(spelling);
  if (!digits_only) return std::nullopt;
  const std::string text = (spelling.starts_with('-') ? "-" : "") + *digits_only;
  const auto exact = std::from_chars(text.data(), text.data() + text.size(), value);
  if (exact.ec != std::errc()) return std::nullopt;
  return value;
}

std::optional<double> real_number(std::string_view spelling) {
  double value = 0;
  const auto read = std::from_chars(spelling.data(), spelling.data() + spelling.size(), value);
  if (read.ec == std::errc() && std::isfinite(value)) return value;
  // Out of range, which is rare: strtod distinguishes overflow from underflow.
  value = std::strtod(std::string(spelling).c_str(), nullptr);
  if (value < 1 && value > -1) return value;
  return std::nullopt;
}

bool beyond_double(std::string_view spelling) {
  constexpr std::size_t kDigits = 308;
  constexpr std::size_t kSafe = 300;  // without exponent, no such number leaves the range
  const std::size_t e = spelling.find_first_of("eE");
  if (e == std::string_view::npos && spelling.size() <= kSafe) return false;
  if (digits(spelling, spelling.starts_with('-') ? 1 : 0) > kDigits) return true;
  if (e != std::string_view::npos && spelling[e + 1] != '-') {
    std::string_view power = spelling.substr(e + 1);
    power.remove_prefix(std::min(power.find_first_not_of("+0"), power.size()));
    const auto exponent = parse_u64(power);
    if (!power.empty() && (!exponent || *exponent > kDigits)) return true;
  }
  return !real_number(spelling);
}

std::string plain_number(std::string_view spelling) {
  if (spelling.find_first_of(".eE") == std::string_view::npos) {
    return spelling == "-0" ? "0" : std::string(spelling);
  }
  auto text = whole_digits(spelling);
  if (!text) return std::string(spelling);
  return spelling.starts_with('-') && *text != "0" ? "-" + *text : *text;
}

std::size_t number_length(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return 0;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits(text, at + 1);
    if (fraction == 0) return 0;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t power = at + 1;
    if (power < text.size() && (text[power] == '+' || text[power] == '-')) ++power;
    const std::size_t count = digits(text, power);
    if (count == 0) return 0;
    at = power + count;
  }
  return at;
}

}  // namespace socbridge::json
