// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "health/probes/opensearch.h"
#include "health/registry.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kDayMs = 86400000;

// Clocks of two machines may differ by so much.
constexpr std::int64_t kClockSlackMs = 300000;

void check_cluster(Probe& probe, opensearch::Client& client, ClusterView& view) {
  const auto health = client.cluster_health(probe.deadline());
  if (!health.ok()) {
    probe.fail("cluster", health.status(), State::unknown);
    return;
  }
  view.health = *health;
  const std::string detail = health->status + ", " +
                             counted(static_cast<std::size_t>(health->nodes), "node", "nodes") +
                             ", " +
                             counted(static_cast<std::size_t>(health->unassigned_shards),
                                     "unassigned shard", "unassigned shards");
  if (health->status == "green") {
    probe.ok("cluster", detail);
  } else if (health->status == "yellow") {
    probe.add("cluster", State::degraded, Cause::reported_error, detail,
              "ask why: GET _cluster/allocation/explain; a single node wants number_of_replicas 0");
  } else {
    probe.add("cluster", State::down, Cause::reported_error, detail,
              "ask why: GET _cluster/allocation/explain");
  }
}

// Reads what several checks need. An error is that of each check that needs the answer.
void ask(Probe& probe, opensearch::Client& client, ClusterView& view) {
  const auto limits = client.limits(probe.deadline());
  if (limits.ok()) {
    view.limits = *limits;
  } else {
    for (const char* check : {"disk", "shards"}) probe.fail(check, limits.status(), State::unknown);
  }
  auto blocks = client.blocks(probe.deadline());
  if (blocks.ok()) {
    view.blocks = std::move(*blocks);
  } else {
    probe.fail("writes", blocks.status(), State::unknown);
  }
  auto indices = client.indices("wazuh-*", probe.deadline());
  if (indices.ok()) {
    view.indices = std::move(*indices);
  } else {
    for (const Series& series : kSeries) {
      probe.fail(series.check, indices.status(), State::unknown);
    }
  }
}

// True, and said, if an index of the series may not be read.
bool is_unreadable(Probe& probe, const ClusterView& view, const Series& series) {
  if (!view.blocks) return false;
  for (const opensearch::Index* index : indices_of(view, series)) {
    const auto blocks = view.blocks->indices.find(index->name);
    if (blocks == view.blocks->indices.end()) continue;
    for (const opensearch::Block& block : blocks->second) {
      if (!block.reads) continue;
      probe.add(series.check, State::degraded, Cause::reported_error,
                index->name + " refuses to be read: " + block.description,
                cure_of(block, index->name));
      return true;
    }
  }
  return false;
}

// Why nothing new comes: a cluster that refuses it before what should write it.
std::string cure_of(const Series& series, const std::string& refusing_check) {
  if (refusing_check.empty()) return series.cure;
  return "the cluster itself refuses it: first the check \"" + refusing_check + "\"";
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
                             : "ask why: GET _cluster/allocation/explain");
}

// The age of the newest document that is not of the future, which is said apart.
void check_age(Probe& probe, const ClusterView& view, const Series& series,
               std::optional<UnixMillis> newest) {
  const std::vector<const opensearch::Index*> indices = indices_of(view, series);
  const std::string many = counted(indices.size(), "index", "indices");
  const std::string& refusing = view.no_writes;
  if (!newest) {
    probe.add(series.check, State::degraded, Cause::missing, many + " without a document",
              cure_of(series, refusing));
    return;
  }
  const std::int64_t age = std::max<std::int64_t>(probe.now_ms() - *newest, 0);
  const std::string detail = many + ", newest document " + human_duration(age) + " old";
  const bool none_today = series.daily && current_index(view, series, probe.now_ms()) == nullptr;
  const std::string& cause_of_none = none_today ? view.no_new_index : refusing;
  if (age > probe.options().fresh_ms) {
    probe.add(series.check, State::degraded, Cause::stale, detail, cure_of(series, cause_of_none));
    return;
  }
  const bool early = probe.now_ms() % kDayMs < probe.options().fresh_ms;
  if (none_today && !early) {
    probe.add(series.check, State::degraded, Cause::missing,
              many + ", but none of today (" + utc_day(probe.now_ms()) + ")",
              cure_of(series, cause_of_none));
    return;
  }
  probe.ok(series.check, detail);
}

void check_series(Probe& probe, opensearch::Client& client, const ClusterView& view,
                  const Series& series) {
  const std::string pattern = std::string(series.prefix) + "*";
  if (indices_of(view, series).empty()) {
    probe.add(series.check, State::degraded, Cause::missing, "there is no index " + pattern,
              cure_of(series, view.no_new_index));
    return;
  }
  if (is_unreadable(probe, view, series)) return;
  const UnixMillis latest = probe.now_ms() + kClockSlackMs;
  auto newest = client.newest(pattern, series.field, {}, probe.deadline());
  if (newest.ok() && newest->time && *newest->time > latest) {
    probe.add(series.check, State::degraded, Cause::reported_error,
              "its newest document is " + human_duration(*newest->time - probe.now_ms()) +
                  " in the future (" + format_utc(*newest->time) + ")",
              "compare the clock of this machine with that of what writes it (timedatectl); then "
              "delete what is dated ahead");
    newest = client.newest(pattern, series.field, latest, probe.deadline());
  }
  if (!newest.ok()) {
    probe.fail(series.check, newest.status(), State::unknown);
  } else if (!newest->whole()) {
    say_part(probe, series, *newest);
  } else {
    check_age(probe, view, series, newest->time);
  }
}

bool is_supported(const opensearch::About& about) {
  const std::uint64_t major =
      parse_u64(about.version.substr(0, about.version.find('.'))).value_or(0);
  return about.distribution == "opensearch" ? major >= 1 : major >= 7;
}

}  // namespace

std::string utc_day(UnixMillis ms) {
  std::string day = format_utc(ms).substr(0, 10);
  std::replace(day.begin(), day.end(), '-', '.');
  return day;
}

std::vector<const opensearch::Index*> indices_of(const ClusterView& view, const Series& series) {
  std::vector<const opensearch::Index*> out;
  if (!view.indices) return out;
  for (const opensearch::Index& index : *view.indices) {
    if (index.name.starts_with(series.prefix)) out.push_back(&index);
  }
  return out;
}

const opensearch::Index* current_index(const ClusterView& view, const Series& series,
                                       UnixMillis now_ms) {
  const std::string today = utc_day(now_ms);
  const opensearch::Index* youngest = nullptr;
  for (const opensearch::Index* index : indices_of(view, series)) {
    if (series.daily && !index->name.ends_with(today)) continue;
    if (youngest == nullptr || index->created_ms > youngest->created_ms) youngest = index;
  }
  return youngest;
}

void probe_opensearch(Probe& probe) {
  opensearch::Client client(probe.service());
  const auto about = client.about(probe.deadline());
  if (!about.ok()) {
    probe.fail("answer", about.status());
    return;
  }
  probe.answered(client.first_ms());
  probe.version(about->version);
  if (!is_supported(*about)) {
    probe.add("version", State::degraded, Cause::version,
              "version " + about->version + " is older than what Wazuh uses",
              "use OpenSearch 1 or later (wazuh-indexer), or Elasticsearch 7.10 or later");
  }
  ClusterView view;
  check_cluster(probe, client, view);
  ask(probe, client, view);
  check_disks(probe, client, view);
  check_writes(probe, view);
  check_shards(probe, view);
  if (!view.indices) return;
  for (const Series& series : kSeries) check_series(probe, client, view, series);
}

}  // namespace socbridge::health
