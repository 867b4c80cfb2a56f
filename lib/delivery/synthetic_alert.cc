// SPDX-License-Identifier: Apache-2.0
#include "delivery/synthetic_alert.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "wazuh/alert.h"

namespace socbridge::delivery {
namespace {

constexpr UnixMillis kMillisPerSecond = 1000;

void named(json::Writer& w, std::string_view key, std::string_view name, bool agent) {
  w.key(key);
  w.begin_object();
  if (agent) w.member("id", "000");
  w.member("name", name);
  w.end_object();
}

}  // namespace

std::string make_synthetic_alert(const Mark& mark, UnixMillis now_ms, int level,
                                 std::string_view nonce) {
  json::Writer w;
  w.begin_object();
  w.member("timestamp", format_utc(now_ms));
  w.key("rule");
  w.begin_object();
  w.member("level", level);
  w.member("description", mark.description);
  w.member("id", mark.rule_id);
  w.key("groups");
  w.begin_array();
  w.value(mark.group);
  w.end_array();
  w.end_object();
  named(w, "agent", "socbridge", true);
  named(w, "manager", "socctl", false);
  w.member("id", std::to_string(now_ms / kMillisPerSecond) + "." + std::string(nonce));
  w.member("full_log", mark.full_log);
  w.member("location", "socctl");
  w.key("data");
  w.begin_object();
  w.member("srcip", mark.address);
  w.end_object();
  w.end_object();
  return std::move(w).take() + "\n";
}

int passing_level(const mapping::Options& rules) {
  return std::max(rules.min_level,
                  rules.severity_by_level.empty() ? 0 : rules.severity_by_level.begin()->first);
}

UnixMillis synthetic_alert_time(const Mark& mark, std::string_view source_ref,
                                std::string_view manager_alias) {
  constexpr std::uint64_t kLatest = 100000000000;  // the year 5138
  const std::size_t dot = source_ref.find('.');
  const std::size_t end = source_ref.rfind('-');
  if (dot == std::string_view::npos || end == std::string_view::npos || end < dot) return -1;
  const auto seconds = parse_u64(source_ref.substr(0, dot));
  if (!seconds || *seconds > kLatest) return -1;
  const UnixMillis at = static_cast<UnixMillis>(*seconds) * kMillisPerSecond;
  const auto again = wazuh::Alert::parse(
      make_synthetic_alert(mark, at, 0, source_ref.substr(dot + 1, end - dot - 1)));
  return again.ok() && wazuh::source_ref(*again, manager_alias) == source_ref ? at : -1;
}

}  // namespace socbridge::delivery
