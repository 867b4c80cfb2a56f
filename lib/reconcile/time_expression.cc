// SPDX-License-Identifier: Apache-2.0
#include "reconcile/time_expression.h"

#include <ctime>
#include <optional>
#include <string>

#include "base/text.h"

namespace socbridge::reconcile {
namespace {

constexpr UnixMillis kMillis = 1000;
constexpr UnixMillis kWeekMs = UnixMillis{7} * 24 * 3600 * kMillis;

// The wall clock time that UTC shows at `ms`, interpreted as local time.
UnixMillis from_local(UnixMillis ms) {
  const auto seconds = static_cast<std::time_t>(ms / kMillis);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  parts.tm_isdst = -1;
  return std::mktime(&parts) * kMillis + ms % kMillis;
}

// First moment of the local day, `back` days before today.
UnixMillis local_day(UnixMillis now_ms, int back) {
  const auto seconds = static_cast<std::time_t>(now_ms / kMillis);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
  parts.tm_mday -= back;
  parts.tm_isdst = -1;
  return std::mktime(&parts) * kMillis;
}

std::optional<UnixMillis> ago(std::string_view text, UnixMillis now_ms) {
  if (text.ends_with('w')) {
    const auto weeks = parse_u64(text.substr(0, text.size() - 1));
    constexpr std::uint64_t kMost = 5000;
    if (!weeks || *weeks > kMost) return std::nullopt;
    return now_ms - static_cast<UnixMillis>(*weeks) * kWeekMs;
  }
  // A bare number is ambiguous: seconds, hours or a year.
  if (parse_u64(text)) return std::nullopt;
  const auto duration = parse_duration_ms(text);
  if (!duration) return std::nullopt;
  return now_ms - *duration;
}

bool has_zone(std::string_view text) {
  constexpr std::size_t kDate = 10;
  if (text.size() <= kDate) return false;
  return text.find_first_of("Zz+-", kDate) != std::string_view::npos;
}

std::optional<UnixMillis> absolute(std::string_view text) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kToMinute = 16;
  std::string full(text);
  if (full.size() == kDate) full += "T00:00:00";
  if (full.size() == kToMinute) full += ":00";
  if (full.size() > kToMinute && full[kToMinute] != ':') full.insert(kToMinute, ":00");
  const auto read = parse_timestamp(full);
  if (!read || has_zone(text)) return read;
  return from_local(*read);
}

}  // namespace

Result<UnixMillis> parse_moment(std::string_view text, UnixMillis now_ms) {
  text = trim(text);
  if (text == "now") return now_ms;
  if (text == "today") return local_day(now_ms, 0);
  if (text == "yesterday") return local_day(now_ms, 1);
  if (const auto relative = ago(text, now_ms)) return *relative;
  if (const auto read = absolute(text)) return *read;
  return Status::error(ExitCode::usage, "\"" + printable(text, 60) + "\" is not a time",
                       "examples: 24h, 7d, today, yesterday, 2025-03-14, 2025-03-14T07:40, "
                       "2025-03-14T07:40:00+01:00");
}

}  // namespace socbridge::reconcile
