// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "cortex/quota_ledger.h"

namespace socbridge::cortex {
namespace {

Status bad(std::string_view text) {
  return Status::error(ExitCode::usage, "\"" + printable(text, 60) + "\" is not a quota",
                       "example: AbuseIPDB=1000/day; units are second, minute, hour, day, "
                       "month; none for no limit");
}

Limit daily(std::int64_t count) { return {count, rate_unit_ms("Day"), "Day", "default"}; }

}  // namespace

std::string Limit::text() const {
  return exists() ? std::to_string(count) + "/" + ascii_lower(unit) : "none";
}

Result<Limit> parse_limit(std::string_view text, std::string origin) {
  constexpr std::uint64_t kMost = 1000000000;
  if (text == "none") return Limit{0, 0, {}, std::move(origin)};
  const std::size_t slash = text.find('/');
  const auto count = parse_u64(text.substr(0, slash));
  if (!count || *count == 0 || *count > kMost || slash == std::string_view::npos) return bad(text);
  const std::string unit(text.substr(slash + 1));
  const std::int64_t window = rate_unit_ms(unit);
  if (window == 0) return bad(text);
  return Limit{static_cast<std::int64_t>(*count), window, unit, std::move(origin)};
}

Result<LimitRule> parse_limit_rule(std::string_view text, std::string origin) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return bad(text);
  auto limit = parse_limit(text.substr(equals + 1), std::move(origin));
  if (!limit.ok()) return bad(text);
  return LimitRule{std::string(text.substr(0, equals)), std::move(*limit)};
}

Limit limit_of(const Analyzer& analyzer, const std::vector<LimitRule>& rules) {
  constexpr std::int64_t kVirusTotal = 500, kAbuseIpdb = 1000;
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    if (analyzer.is_called(rule->analyzer)) return rule->limit;
  }
  if (analyzer.rate > 0)
    return {analyzer.rate, rate_unit_ms(analyzer.rate_unit), analyzer.rate_unit, "Cortex"};
  if (analyzer.base() == "VirusTotal_GetReport") return daily(kVirusTotal);
  if (analyzer.base() == "AbuseIPDB") return daily(kAbuseIpdb);
  return {};
}

}  // namespace socbridge::cortex
