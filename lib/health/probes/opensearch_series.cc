// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "health/probes/opensearch.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kDayMs = 86400000;

// Clocks of two machines may differ by this.
constexpr std::int64_t kClockSlackMs = 300000;

// "….2026.01.31"
bool ends_in_day(std::string_view name) {
  constexpr std::string_view kShape = "0000.00.00";
  if (name.size() < kShape.size()) return false;
  const std::string_view end = name.substr(name.size() - kShape.size());
  for (std::size_t i = 0; i < end.size(); ++i) {
    const bool digit = end[i] >= '0' && end[i] <= '9';
    if (kShape[i] == '0' ? !digit : end[i] != '.') return false;
  }
  return true;
}

// Whether an index of the series may not be read; if so, this is reported.
bool is_unreadable(Probe& probe, const ClusterView& view, const Series& series) {
  if (!view.blocks) return false;
  for (const opensearch::Index& index : series.indices) {
    const auto blocks = view.blocks->indices.find(index.name);
    if (blocks == view.blocks->indices.end()) continue;
    for (const opensearch::Block& block : blocks->second) {
      if (!block.reads) continue;
      probe.add(series.check, State::degraded, Cause::reported_error,
                index.name + " refuses to be read: " + block.description,
                cure_of(block, index.name));
      return true;
    }
  }
  return false;
}

// What to do if there are no new documents: if the cluster refuses them, its check comes first.
std::string cure_of(const Series& series, const std::string& refusing_check) {
  if (refusing_check.empty()) return series.cure;
  return "the cluster itself refuses it: see first the check \"" + refusing_check + "\"";
}

void say_part(Probe& probe, const Series& series, const opensearch::Newest& newest) {
  std::string detail = newest.timed_out ? std::string("the search timed out")
                                        : "only " + std::to_string(newest.answered) + " of " +
                                              std::to_string(newest.shards) + " shards answered";
  if (newest.answered == 0) detail = "all of its shards failed";
  if (!newest.failure.empty() && newest.answered > 0) detail += " (" + newest.failure + ")";
  probe.add(series.check, State::degraded, Cause::reported_error,
            detail + ", so its newest document is not known",
            newest.timed_out ? "check the load of the cluster"
                             : "see the reason: GET _cluster/allocation/explain");
}

// Checks the age of the newest document that is not in the future, which is reported separately.
void check_age(Probe& probe, const ClusterView& view, const Series& series,
               std::optional<UnixMillis> newest) {
  const std::string many = counted(series.indices.size(), "index", "indices");
  const std::string& refusing = view.no_writes;
  if (!newest) {
    probe.add(series.check, State::degraded, Cause::missing, many + " without a document",
              cure_of(series, refusing));
    return;
  }
  const std::int64_t age = std::max<std::int64_t>(probe.now_ms() - *newest, 0);
  const std::string detail = many + ", newest document " + human_duration(age) + " old";
  const bool none_today = series.is_daily() && series.current(probe.now_ms()) == nullptr;
  const std::string& cause_of_none = none_today ? view.no_new_index : refusing;
  const State state = probe.evaluate(series.check, {"opensearch", series.check}, age);
  if (state != State::ok) {
    probe.add(series.check, state, Cause::stale, detail, cure_of(series, cause_of_none));
    return;
  }
  // Shortly after midnight there may be no index of the new day yet.
  const std::int64_t fresh_ms = probe.options().thresholds.of("opensearch", series.check).degraded;
  const bool early = fresh_ms == Threshold::kNever || probe.now_ms() % kDayMs < fresh_ms;
  if (none_today && !early) {
    probe.add(series.check, State::degraded, Cause::missing,
              many + ", but none of today (" + utc_day(probe.now_ms()) + ")",
              cure_of(series, cause_of_none));
    return;
  }
  probe.ok(series.check, detail);
}

// False, with a finding, if the cluster does not list them.
bool look_for(Probe& probe, opensearch::Client& client, Series& series) {
  auto indices = client.indices(series.pattern, probe.deadline());
  if (!indices.ok()) {
    probe.fail(series.check, indices.status(), State::unknown);
    return false;
  }
  series.indices = std::move(*indices);
  series.known = true;
  return true;
}

}  // namespace

std::string utc_day(UnixMillis ms) {
  std::string day = format_utc(ms).substr(0, 10);
  std::replace(day.begin(), day.end(), '-', '.');
  return day;
}

bool Series::is_daily() const {
  return std::any_of(indices.begin(), indices.end(),
                     [](const opensearch::Index& index) { return ends_in_day(index.name); });
}

const opensearch::Index* Series::youngest() const {
  const opensearch::Index* found = nullptr;
  for (const opensearch::Index& index : indices) {
    if (found == nullptr || index.created_ms > found->created_ms) found = &index;
  }
  return found;
}

const opensearch::Index* Series::current(UnixMillis now_ms) const {
  if (!is_daily()) return youngest();
  const std::string today = utc_day(now_ms);
  const opensearch::Index* found = nullptr;
  for (const opensearch::Index& index : indices) {
    if (!index.name.ends_with(today)) continue;
    if (found == nullptr || index.created_ms > found->created_ms) found = &index;
  }
  return found;
}

std::vector<const opensearch::Index*> ClusterView::indices() const {
  std::vector<const opensearch::Index*> out;
  for (const Series& one : series) {
    for (const opensearch::Index& index : one.indices) {
      const bool known = std::any_of(out.begin(), out.end(), [&](const opensearch::Index* other) {
        return other->name == index.name;
      });
      if (!known) out.push_back(&index);
    }
  }
  return out;
}

void find_series(Probe& probe, opensearch::Client& client, ClusterView& view) {
  const opensearch::Patterns& patterns = probe.options().indices;
  Series alerts{"alerts index", patterns.alerts, "timestamp",
                "check Filebeat on the manager: filebeat test output"};
  Series findings{"findings index", patterns.findings, "@timestamp",
                  "check the connection of the manager to the indexer (Wazuh 5): its <indexer> "
                  "block and log"};
  const bool listed = look_for(probe, client, alerts);
  auto five = client.indices(patterns.findings, probe.deadline());
  if (five.ok()) findings.indices = std::move(*five);
  findings.known = five.ok();
  const bool only_five = listed && alerts.indices.empty() && !findings.indices.empty();
  if (!only_five) view.series.push_back(std::move(alerts));
  if (!findings.indices.empty()) view.series.push_back(std::move(findings));
  if (only_five) return;
  Series monitoring{"monitoring index", patterns.monitoring, "timestamp",
                    "check the Wazuh dashboard, which writes it: wazuh.monitoring.enabled"};
  Series statistics{"statistics index", patterns.statistics, "timestamp",
                    "check the Wazuh dashboard, which writes it: cron.statistics.status"};
  for (Series* series : {&monitoring, &statistics}) {
    look_for(probe, client, *series);
    view.series.push_back(std::move(*series));
  }
}

void check_series(Probe& probe, opensearch::Client& client, const ClusterView& view,
                  const Series& series) {
  if (series.indices.empty()) {
    probe.add(series.check, State::degraded, Cause::missing, "there is no index " + series.pattern,
              cure_of(series, view.no_new_index));
    return;
  }
  if (is_unreadable(probe, view, series)) return;
  const UnixMillis latest = probe.now_ms() + kClockSlackMs;
  auto newest = client.newest(series.pattern, series.field, {}, probe.deadline());
  if (newest.ok() && newest->time && *newest->time > latest) {
    probe.add(series.check, State::degraded, Cause::reported_error,
              "its newest document is " + human_duration(*newest->time - probe.now_ms()) +
                  " in the future (" + format_utc(*newest->time) + ")",
              "compare the clock of this machine with that of the writing one (timedatectl); then "
              "delete the documents with future dates");
    newest = client.newest(series.pattern, series.field, latest, probe.deadline());
  }
  if (!newest.ok()) {
    probe.fail(series.check, newest.status(), State::unknown);
  } else if (!newest->whole()) {
    say_part(probe, series, *newest);
  } else {
    check_age(probe, view, series, newest->time);
  }
}

}  // namespace socbridge::health
