// SPDX-License-Identifier: Apache-2.0
#include "health/canary_leftovers.h"

#include <algorithm>
#include <vector>

#include "base/joined.h"
#include "base/text.h"
#include "delivery/synthetic_alert.h"
#include "spool/entry_id.h"
#include "spool/spool.h"
#include "thehive/cases.h"
#include "thehive/query.h"
#include "wazuh/alert.h"

namespace socbridge::health {
namespace {

constexpr std::uint64_t kMostSwept = 100;

bool is_leftover(const thehive::AlertInfo& alert, const mapping::Options& rules,
                 UnixMillis before_ms) {
  const delivery::Mark& mark = delivery::kCanaryMark;
  if (alert.id.empty()) return false;
  if (alert.type != mapping::fixed_type(rules).value_or(alert.type)) return false;
  if (alert.source != mapping::fixed_source(rules).value_or(alert.source)) return false;
  // An alert in a case belongs to an analyst.
  if (!alert.case_id.empty()) return false;
  if (!contains(alert.tags, std::string(mark.group)) ||
      !contains(alert.tags, "rule:" + std::string(mark.rule_id))) {
    return false;
  }
  const UnixMillis made =
      delivery::synthetic_alert_time(mark, alert.source_ref, rules.manager_alias);
  return made >= 0 && made < before_ms;
}

}  // namespace

bool is_canary(std::string_view raw) {
  const auto alert = wazuh::Alert::parse(raw);
  return alert.ok() && alert->rule_id == delivery::kCanaryMark.rule_id &&
         alert->manager == "socctl" &&
         contains(alert->groups, std::string(delivery::kCanaryMark.group));
}

Result<int> remove_from_spool(Env& env, const std::string& dir, UnixMillis from_ms,
                              UnixMillis until_ms,
                              const std::function<bool(std::string_view raw)>& is_it) {
  int removed = 0;
  if (!env.stat(dir + "/state").ok()) return removed;
  auto spool = spool::Spool::open_read_only(env, dir);
  if (!spool.ok()) return spool.status();
  for (const spool::State state : {spool::State::queue, spool::State::hold, spool::State::dead}) {
    const auto entries = spool->list(state);
    if (!entries.ok()) return entries.status();
    for (const spool::EntryInfo& info : *entries) {
      const auto numbers = spool::parse_id(info.id);
      const auto accepted_ms = numbers ? static_cast<UnixMillis>(numbers->ms) : -1;
      if (accepted_ms < from_ms || accepted_ms > until_ms) continue;
      auto claim = spool->claim(state, info.id);
      if (!claim.ok()) return claim.status();
      if (!*claim) continue;
      const auto entry = spool->load(**claim);
      if (!entry.ok() || !is_it(entry->alert)) continue;
      if (const Status gone = spool->remove(std::move(**claim)); !gone.ok()) return gone;
      ++removed;
    }
  }
  return removed;
}

Swept sweep_alerts(thehive::Client& client, const mapping::Options& rules, UnixMillis before_ms,
                   const Deadline& deadline) {
  namespace filter = thehive::filter;
  thehive::Query query("listAlert");
  std::vector<std::string> conditions = {
      filter::in("tags", {std::string(delivery::kCanaryMark.group)})};
  if (const auto type = mapping::fixed_type(rules)) {
    conditions.push_back(filter::is("type", *type));
  }
  if (const auto source = mapping::fixed_source(rules)) {
    conditions.push_back(filter::is("source", *source));
  }
  query.where(filter::all(conditions));
  query.sort("date", thehive::Order::ascending);
  std::vector<thehive::AlertInfo> found;
  Swept out;
  out.error = thehive::for_each(
      client, {"canaries", query, kMostSwept},
      [&](json::Value value) {
        thehive::AlertInfo alert = thehive::read_alert(value);
        if (is_leftover(alert, rules, before_ms)) found.push_back(std::move(alert));
        return true;
      },
      deadline);
  out.found = static_cast<int>(found.size());
  for (const thehive::AlertInfo& alert : found) {
    const Status gone = client.remove_alert(alert.id, deadline);
    if (gone.ok()) ++out.deleted;
    if (!gone.ok() && out.error.ok()) {
      out.error =
          Status::error(gone.code(), "alert " + printable(alert.id, 40) + ": " + gone.message(),
                        "the key needs manageAlert/delete");
    }
  }
  return out;
}

}  // namespace socbridge::health
