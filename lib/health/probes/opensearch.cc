#include <algorithm>

#include "base/text.h"
#include "health/lists.h"
#include "health/registry.h"
#include "opensearch/client.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kDayMs = 86400000;

// What Wazuh writes, and what stands still when it does not come (Wazuh facts 6.2).
struct Series {
  const char* check;
  const char* pattern;
  const char* field;
  bool daily;  // a new index each UTC day, named by it
  const char* cure;
};
constexpr Series kSeries[] = {
    {"alerts index", "wazuh-alerts-4.x-*", "timestamp", true,
     "look at Filebeat on the manager: filebeat test output"},
    {"monitoring index", "wazuh-monitoring-*", "timestamp", false,
     "look at the Wazuh dashboard, which writes it: wazuh.monitoring.enabled"},
    {"statistics index", "wazuh-statistics-*", "timestamp", false,
     "look at the Wazuh dashboard, which writes it: cron.statistics.status"},
};

// "2026.01.31" of a moment.
std::string utc_day(UnixMillis ms) {
  std::string day = format_utc(ms).substr(0, 10);
  std::replace(day.begin(), day.end(), '-', '.');
  return day;
}

void look_at_cluster(Probe& probe, opensearch::Client& client) {
  const auto health = client.cluster_health(probe.deadline());
  if (!health.ok()) {
    probe.fail("cluster", health.status(), State::unknown);
    return;
  }
  const std::string detail = health->status + ", " +
                             counted(static_cast<std::size_t>(health->nodes), "node", "nodes") +
                             ", " +
                             counted(static_cast<std::size_t>(health->unassigned_shards),
                                     "unassigned shard", "unassigned shards");
  if (health->status == "green") {
    probe.ok("cluster", detail);
  } else if (health->status == "yellow") {
    probe.add("cluster", State::degraded, Cause::trouble, detail,
              "ask why: GET _cluster/allocation/explain; a single node wants number_of_replicas 0");
  } else {
    probe.add("cluster", State::down, Cause::trouble, detail,
              "ask why: GET _cluster/allocation/explain");
  }
}

void look_at_disks(Probe& probe, opensearch::Client& client) {
  const auto disks = client.disks(probe.deadline());
  if (!disks.ok()) {
    probe.fail("disk", disks.status(), State::unknown);
    return;
  }
  const auto marks = client.watermarks(probe.deadline());
  if (!marks.ok()) {
    probe.fail("disk", marks.status(), State::unknown);
    return;
  }
  if (disks->empty()) {
    probe.add("disk", State::unknown, Cause::missing, "no node tells its disk");
    return;
  }
  const opensearch::Disk* fullest = &disks->front();
  for (const opensearch::Disk& disk : *disks) {
    if (disk.used_percent() > fullest->used_percent()) fullest = &disk;
  }
  const std::string detail = "fullest node " + fullest->node + " at " +
                             std::to_string(static_cast<int>(fullest->used_percent())) + " %";
  const auto any = [&](const opensearch::Watermark& mark) {
    return std::any_of(disks->begin(), disks->end(),
                       [&](const opensearch::Disk& disk) { return mark.passed(disk); });
  };
  const char* cure = "delete old indices or add disk; look at the index retention policy";
  if (any(marks->flood_stage)) {
    probe.add("disk", State::down, Cause::trouble,
              detail + ": over the flood stage, its indices are made read-only", cure);
  } else if (any(marks->high)) {
    probe.add("disk", State::degraded, Cause::trouble,
              detail + ": over the high watermark, shards are moved away", cure);
  } else if (any(marks->low)) {
    probe.add("disk", State::degraded, Cause::trouble,
              detail + ": over the low watermark, no new replicas are put there", cure);
  } else {
    probe.ok("disk", detail);
  }
}

void look_at_series(Probe& probe, opensearch::Client& client, const Series& series) {
  const auto indices = client.indices(series.pattern, probe.deadline());
  if (!indices.ok()) {
    probe.fail(series.check, indices.status(), State::unknown);
    return;
  }
  if (indices->empty()) {
    probe.add(series.check, State::degraded, Cause::missing,
              std::string("there is no index ") + series.pattern, series.cure);
    return;
  }
  const auto newest = client.newest(series.pattern, series.field, probe.deadline());
  if (!newest.ok()) {
    probe.fail(series.check, newest.status(), State::unknown);
    return;
  }
  const std::string many = counted(indices->size(), "index", "indices");
  if (!*newest) {
    probe.add(series.check, State::degraded, Cause::missing, many + " without a document",
              series.cure);
    return;
  }
  const std::int64_t age = std::max<std::int64_t>(probe.now_ms() - **newest, 0);
  const std::string detail = many + ", newest document " + human_duration(age) + " old";
  if (age > probe.options().fresh_ms) {
    probe.add(series.check, State::degraded, Cause::stale, detail, series.cure);
    return;
  }
  const std::string today = utc_day(probe.now_ms());
  const bool early = probe.now_ms() % kDayMs < probe.options().fresh_ms;
  const bool has_today =
      std::any_of(indices->begin(), indices->end(),
                  [&](const opensearch::Index& index) { return index.name.ends_with(today); });
  if (series.daily && !early && !has_today) {
    probe.add(series.check, State::degraded, Cause::missing,
              many + ", but none of today (" + today + ")", series.cure);
    return;
  }
  probe.ok(series.check, detail);
}

bool is_supported(const opensearch::About& about) {
  const std::uint64_t major =
      parse_u64(about.version.substr(0, about.version.find('.'))).value_or(0);
  return about.distribution == "opensearch" ? major >= 1 : major >= 7;
}

}  // namespace

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
  look_at_cluster(probe, client);
  look_at_disks(probe, client);
  for (const Series& series : kSeries) look_at_series(probe, client, series);
}

}  // namespace socbridge::health
