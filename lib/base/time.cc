// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace socbridge {
namespace {

constexpr std::int64_t kMillis = 1000;
constexpr std::int64_t kSecondsPerDay = 86400;

struct Reader {
  std::string_view text;
  std::size_t at = 0;

  bool done() const { return at == text.size(); }
  bool eat(char c) {
    if (done() || text[at] != c) return false;
    ++at;
    return true;
  }
  // Exactly `count` digits, or -1.
  std::int64_t digits(std::size_t count) {
    if (text.size() - at < count) return -1;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = text[at + i];
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    at += count;
    return value;
  }
};

// Milliseconds of a fraction of 1 to 9 digits; -1 for none or more digits.
std::int64_t fraction_ms(Reader& r) {
  constexpr std::size_t kMost = 9;
  std::size_t count = 0;
  std::int64_t ms = 0;
  std::int64_t weight = 100;
  while (!r.done() && r.text[r.at] >= '0' && r.text[r.at] <= '9') {
    ms += (r.text[r.at] - '0') * weight;
    weight /= 10;
    ++count;
    ++r.at;
  }
  return count >= 1 && count <= kMost ? ms : -1;
}

// Seconds east of UTC, or empty if the rest of the text is not a zone.
std::optional<std::int64_t> zone(Reader& r) {
  if (r.done() || ((r.eat('Z') || r.eat('z')) && r.done())) return 0;
  const bool west = r.eat('-');
  if (!west && !r.eat('+')) return std::nullopt;
  const std::int64_t hours = r.digits(2);
  r.eat(':');
  const std::int64_t minutes = r.done() ? 0 : r.digits(2);
  constexpr std::int64_t kMostHours = 14;
  if (hours < 0 || hours > kMostHours || minutes < 0 || minutes > 59 || !r.done()) {
    return std::nullopt;
  }
  const std::int64_t offset = hours * 3600 + minutes * 60;
  return west ? -offset : offset;
}

}  // namespace

std::optional<UnixMillis> parse_timestamp(std::string_view text) {
  Reader r{trim(text)};
  const std::int64_t year = r.digits(4);
  if (year < 0 || !r.eat('-')) return std::nullopt;
  const std::int64_t month = r.digits(2);
  if (month < 1 || month > 12 || !r.eat('-')) return std::nullopt;
  const std::int64_t day = r.digits(2);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (day < 1 || !date.ok()) return std::nullopt;
  if (!r.eat('T') && !r.eat('t') && !r.eat(' ')) return std::nullopt;
  const std::int64_t hour = r.digits(2);
  if (hour < 0 || hour > 23 || !r.eat(':')) return std::nullopt;
  const std::int64_t minute = r.digits(2);
  if (minute < 0 || minute > 59 || !r.eat(':')) return std::nullopt;
  std::int64_t second = r.digits(2);
  if (second < 0 || second > 60) return std::nullopt;
  if (second == 60) second = 59;  // a leap second has no Unix time
  std::int64_t ms = 0;
  if (r.eat('.') || r.eat(',')) {
    ms = fraction_ms(r);
    if (ms < 0) return std::nullopt;
  }
  const auto offset = zone(r);
  if (!offset) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - *offset;
  return seconds * kMillis + ms;
}

std::string format_utc(UnixMillis ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const sys_days day = floor<days>(time);
  constexpr days kMost{11'000'000};  // about 30,000 years, which std::chrono::year can hold
  if (day.time_since_epoch() > kMost || day.time_since_epoch() < -kMost) return "-";
  const year_month_day date(day);
  if (date.year() < year(0)) return "-";
  const hh_mm_ss clock(time - day);
  const auto padded = [](std::int64_t number, std::size_t digits) {
    std::string text = std::to_string(number);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
  };
  return padded(int(date.year()), 4) + '-' + padded(unsigned(date.month()), 2) + '-' +
         padded(unsigned(date.day()), 2) + 'T' + padded(clock.hours().count(), 2) + ':' +
         padded(clock.minutes().count(), 2) + ':' + padded(clock.seconds().count(), 2) + '.' +
         padded(clock.subseconds().count(), 3) + 'Z';
}

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  text = trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const auto number = parse_u64(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string_view unit = text.substr(digits);
  std::int64_t factor = 0;
  if (unit == "ms") factor = 1;
  if (unit.empty() || unit == "s") factor = kMillis;
  if (unit == "m") factor = 60 * kMillis;
  if (unit == "h") factor = 3600 * kMillis;
  if (unit == "d") factor = kSecondsPerDay * kMillis;
  constexpr std::uint64_t kMost = 100000000;  // keeps every product far from overflow
  if (factor == 0 || *number > kMost) return std::nullopt;
  return static_cast<std::int64_t>(*number) * factor;
}

std::string seconds_text(std::int64_t ms) {
  ms = std::max<std::int64_t>(ms, 0);
  return std::to_string(ms / kMillis) + "." + std::to_string(kMillis + ms % kMillis).substr(1);
}

}  // namespace socbridge
