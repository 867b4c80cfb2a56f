// SPDX-License-Identifier: Apache-2.0
#include "cortex/quota.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

std::string since_query(std::string_view analyzer_id, UnixMillis since) {
  json::Writer w;
  w.begin_object();
  w.key("_and");
  w.begin_array();
  w.begin_object();
  w.member("_field", "workerId");
  w.member("_value", analyzer_id);
  w.end_object();
  w.begin_object();
  w.key("_gte");
  w.begin_object();
  w.member("createdAt", since);
  w.end_object();
  w.end_object();
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

struct Preset {
  std::string_view name;
  std::array<const char*, 3> analyzers;
};
constexpr std::array kPresets = {
    Preset{"reputation", {"VirusTotal_GetReport", "AbuseIPDB", "URLhaus"}},
    Preset{"location", {"MaxMind_GeoIP"}},
    Preset{"files", {"FileInfo", "VirusTotal_GetReport"}},
    Preset{"free", {"URLhaus", "MaxMind_GeoIP", "FileInfo"}},
};

}  // namespace

std::string QuotaState::json() const {
  json::Writer w;
  w.begin_object();
  w.member("analyzer", analyzer.name);
  w.key("limit");
  if (limit.exists()) {
    w.value(limit.count);
  } else {
    w.null();
  }
  w.member("unit", ascii_lower(limit.unit));
  w.member("origin", limit.origin);
  w.member("used", ours + others);
  w.member("usedHere", ours);
  w.member("usedElsewhere", others);
  w.key("left");
  if (limit.exists()) {
    w.value(left);
  } else {
    w.null();
  }
  w.key("nextFree");
  if (next_free > 0) {
    w.value(format_utc(next_free));
  } else {
    w.null();
  }
  w.end_object();
  return std::move(w).take();
}

Result<std::vector<QuotaState>> quota_states(Client& client, Ledger& ledger,
                                             const std::vector<Analyzer>& analyzers,
                                             const std::vector<LimitRule>& rules,
                                             const Deadline& deadline) {
  std::vector<QuotaState> out;
  const UnixMillis now = wall_now_ms();
  for (const Analyzer& analyzer : analyzers) {
    QuotaState state;
    state.analyzer = analyzer;
    state.limit = limit_of(analyzer, rules);
    if (state.limit.exists()) {
      // Query Cortex first: a job started in between is counted twice, never missed.
      const auto page =
          client.search(since_query(analyzer.id, now - state.limit.window_ms), 1, deadline);
      if (!page.ok()) return page.status();
      const auto usage =
          ledger.usage(Ledger::key(client.endpoint().url, analyzer), state.limit, now);
      if (!usage.ok()) return usage.status();
      const auto deleted =
          ledger.deleted(Ledger::key(client.endpoint().url, analyzer), state.limit, now);
      if (!deleted.ok()) return deleted.status();
      state.ours = usage->used;
      constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;  // sums of it do not overflow
      const auto total = static_cast<std::int64_t>(std::min(page->total, kMost));
      const std::int64_t counted = total + *deleted;
      state.others = std::max<std::int64_t>(0, counted - state.ours);
      state.left = std::max<std::int64_t>(0, state.limit.count - state.ours - state.others);
      state.next_free = usage->next_free;
    }
    out.push_back(std::move(state));
  }
  return out;
}

Result<std::vector<std::string>> preset(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Preset& one : kPresets) {
    names.push_back(one.name);
    if (one.name != name) continue;
    std::vector<std::string> out;
    for (const char* analyzer : one.analyzers) {
      if (analyzer != nullptr) out.emplace_back(analyzer);
    }
    return out;
  }
  const std::string_view near = nearest(name, names);
  return Status::error(ExitCode::usage, "there is no preset \"" + printable(name, 60) + "\"",
                       near.empty() ? "known are reputation, location, files, free"
                                    : "did you mean " + std::string(near) + "?");
}

}  // namespace socbridge::cortex
