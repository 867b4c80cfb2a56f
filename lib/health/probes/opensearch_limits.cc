// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/text.h"
#include "health/probes/opensearch.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kDayMs = 86400000;
constexpr std::int64_t kWeekDays = 7;
constexpr const char* kDiskCure =
    "delete old indices or add disk; check the index retention policy";

std::string gigabytes(std::uint64_t bytes) {
  constexpr std::uint64_t kGigabyte = 1000000000;
  constexpr std::uint64_t kTenth = kGigabyte / 10;
  return std::to_string(bytes / kGigabyte) + "." + std::to_string(bytes % kGigabyte / kTenth) +
         " GB";
}

std::string disk_text(const opensearch::Disk& disk) {
  return "node " + disk.node + " at " + std::to_string(static_cast<int>(disk.used_percent())) +
         " %, " + gigabytes(disk.available_bytes) + " free";
}

// The fullest of the disks above a watermark; null: none is above.
const opensearch::Disk* over(const opensearch::Watermark& mark,
                             const std::vector<opensearch::Disk>& disks) {
  const opensearch::Disk* worst = nullptr;
  for (const opensearch::Disk& disk : disks) {
    if (!mark.passed(disk)) continue;
    if (worst == nullptr || disk.used_percent() > worst->used_percent()) worst = &disk;
  }
  return worst;
}

void check_disks(Probe& probe, const std::vector<opensearch::Disk>& disks,
                 const opensearch::Limits& limits) {
  const auto fullest = std::max_element(disks.begin(), disks.end(),
                                        [](const opensearch::Disk& a, const opensearch::Disk& b) {
                                          return a.used_percent() < b.used_percent();
                                        });
  if (!limits.disk_watched) {
    probe.add("disk", State::degraded, Cause::reported_error,
              disk_text(*fullest) + "; the cluster does not watch it (threshold_enabled is false)",
              "set cluster.routing.allocation.disk.threshold_enabled to true");
    return;
  }
  if (!limits.low || !limits.high || !limits.flood_stage) {
    probe.add("disk", State::unknown, Cause::missing,
              disk_text(*fullest) + "; its watermarks are missing or in an unknown form",
              "see GET _cluster/settings?include_defaults=true");
    return;
  }
  struct Evaluation {
    const opensearch::Watermark* mark;
    State state;
    const char* name;
    const char* effect;
  };
  const std::array<Evaluation, 3> evaluations = {
      {{&*limits.flood_stage, State::down, "the flood stage", "its indices are made read-only"},
       {&*limits.high, State::degraded, "the high watermark", "shards are moved away"},
       {&*limits.low, State::degraded, "the low watermark",
        "no new replicas are allocated there"}}};
  for (const Evaluation& evaluation : evaluations) {
    const opensearch::Disk* disk = over(*evaluation.mark, disks);
    if (disk == nullptr) continue;
    probe.add("disk", evaluation.state, Cause::reported_error,
              disk_text(*disk) + ": over " + evaluation.name + " (" + evaluation.mark->text +
                  "), " + evaluation.effect,
              kDiskCure);
    return;
  }
  probe.ok("disk", "fullest " + disk_text(*fullest));
}

// First block in the list that refuses documents, except that of a closed index.
const opensearch::Block* refusing(const std::vector<opensearch::Block>& blocks) {
  for (const opensearch::Block& block : blocks) {
    if (block.writes && block.id != "4") return &block;
  }
  return nullptr;
}

void check_cluster_blocks(Probe& probe, ClusterView& view) {
  for (const opensearch::Block& block : view.blocks->cluster) {
    const std::string detail = block.description;
    if (block.writes) {
      view.no_writes = view.no_new_index = "writes";
      probe.add("writes", State::down, Cause::reported_error,
                "the cluster refuses all writes: " + detail, cure_of(block, {}));
    } else if (block.creates) {
      view.no_new_index = "writes";
      probe.add(
          "writes", State::degraded, Cause::reported_error,
          "no index can be created, so the next one of each series will be missing: " + detail,
          cure_of(block, {}));
    }
  }
}

// Indices that refuse documents because of the same kind of block.
struct Refusing {
  opensearch::Block block;
  TextList names;
  std::string cure() const { return cure_of(block, names.count() == 1 ? names.text() : "INDEX"); }
};

std::vector<std::string> written_to(const ClusterView& view, UnixMillis now_ms) {
  std::vector<std::string> out;
  for (const Series& series : view.series) {
    if (const auto* index = series.current(now_ms)) out.push_back(index->name);
  }
  return out;
}

// An old index may be read-only on purpose; the current one may not, and the flood stage is never
// intended.
void check_index_blocks(Probe& probe, ClusterView& view) {
  const std::vector<std::string> current = written_to(view, probe.now_ms());
  std::map<std::string, Refusing> by_block;
  Refusing flooded;
  for (const auto& [name, blocks] : view.blocks->indices) {
    const opensearch::Block* block = refusing(blocks);
    if (block == nullptr) continue;
    const bool is_current = std::find(current.begin(), current.end(), name) != current.end();
    if (!is_current && block->id != "12") continue;
    Refusing& group = is_current ? by_block[block->id] : flooded;
    group.block = *block;
    group.names.add(name);
  }
  for (const auto& [id, group] : by_block) {
    view.no_writes = "writes";
    probe.add("writes", State::down, Cause::reported_error,
              group.names.text() + ": no writes, " + group.block.description, group.cure());
  }
  if (flooded.names.count() == 0) return;
  probe.add("writes", State::degraded, Cause::reported_error,
            counted(flooded.names.count(), "other index is", "other indices are") +
                " read-only since the flood stage: " + flooded.names.text(),
            flooded.cure());
}

// Shards per day in the indices of the last week.
double shards_a_day(const std::vector<const opensearch::Index*>& indices, UnixMillis now_ms) {
  UnixMillis oldest = now_ms;
  std::uint64_t fresh = 0;
  for (const opensearch::Index* index : indices) {
    if (index->created_ms == 0) continue;
    oldest = std::min(oldest, index->created_ms);
    if (now_ms - index->created_ms < kWeekDays * kDayMs) fresh += index->shards;
  }
  const std::int64_t days =
      std::clamp<std::int64_t>((now_ms - oldest + kDayMs - 1) / kDayMs, 1, kWeekDays);
  return static_cast<double>(fresh) / static_cast<double>(days);
}

}  // namespace

std::string cure_of(const opensearch::Block& block, const std::string& index) {
  constexpr const char* kFreeDisk =
      "free disk: below the high watermark OpenSearch lifts it by itself";
  const auto lift = [&](const std::string& setting) {
    const std::string path = index.empty() ? "_cluster/settings" : index + "/_settings";
    return "PUT " + path + " with " + setting + " null";
  };
  if (block.id == "12") {
    return std::string(kFreeDisk) + "; else " + lift("index.blocks.read_only_allow_delete");
  }
  if (block.id == "10") {
    return std::string(kFreeDisk) + "; else " + lift("cluster.blocks.create_index");
  }
  if (block.id == "13") {
    return "free disk, then " + lift("cluster.blocks.read_only_allow_delete");
  }
  if (block.id == "6") return lift("cluster.blocks.read_only");
  if (block.id == "5") return lift("index.blocks.read_only");
  if (block.id == "8") return lift("index.blocks.write");
  if (block.id == "7") return lift("index.blocks.read");
  return "check the log of the cluster manager node";
}

void check_disks(Probe& probe, opensearch::Client& client, const ClusterView& view) {
  const auto disks = client.disks(probe.deadline());
  if (!disks.ok()) {
    probe.fail("disk", disks.status(), State::unknown);
    return;
  }
  if (!view.limits) return;
  if (disks->empty()) {
    probe.add("disk", State::unknown, Cause::missing, "no node reports its disk");
    return;
  }
  check_disks(probe, *disks, *view.limits);
}

void check_writes(Probe& probe, ClusterView& view) {
  if (!view.blocks) return;
  check_cluster_blocks(probe, view);
  check_index_blocks(probe, view);
  const auto& checks = probe.report().checks;
  const bool said = std::any_of(checks.begin(), checks.end(),
                                [](const Check& check) { return check.name == "writes"; });
  if (!said) probe.ok("writes", "the current indices accept them");
}

void check_shards(Probe& probe, ClusterView& view) {
  if (!view.health || !view.limits) return;
  if (!view.limits->shards_per_node || view.health->data_nodes <= 0) {
    probe.add("shards", State::unknown, Cause::missing, "the limit of shards is not known",
              "see GET _cluster/settings?include_defaults=true");
    return;
  }
  const auto open = static_cast<std::uint64_t>(std::max<std::int64_t>(view.health->open_shards, 0));
  const std::uint64_t limit =
      *view.limits->shards_per_node * static_cast<std::uint64_t>(view.health->data_nodes);
  const std::uint64_t left = limit > open ? limit - open : 0;
  std::string detail = std::to_string(open) + " of " + std::to_string(limit) + " shards";
  const char* cure =
      "delete or shrink old indices, give a daily index fewer shards, or raise "
      "cluster.max_shards_per_node";
  std::uint64_t next = 1;  // shards of the next index of alerts
  bool today = false;
  if (!view.series.empty()) {
    const Series& alerts = view.series.front();
    if (const auto* index = alerts.youngest()) next = std::max<std::uint64_t>(index->shards, 1);
    today = alerts.current(probe.now_ms()) != nullptr;
  }
  const double rate = shards_a_day(view.indices(), probe.now_ms());
  if (left < next) {
    view.no_new_index = "shards";
    probe.add(
        "shards", today ? State::degraded : State::down, Cause::reported_error,
        detail + ": no room for the next index of alerts, which needs " + std::to_string(next),
        cure);
    return;
  }
  if (rate > 0) {
    constexpr double kMostDays = 3650;
    const auto days =
        static_cast<std::uint64_t>(std::min(static_cast<double>(left) / rate, kMostDays));
    detail += ", full in " + counted(days, "day", "days") + " if nothing is deleted";
    const State state = probe.evaluate("shards", {"opensearch", "shards"},
                                       static_cast<std::int64_t>(days) * kDayMs);
    if (state != State::ok) {
      probe.add("shards", state, Cause::reported_error, detail, cure);
      return;
    }
  }
  probe.ok("shards", detail);
}

}  // namespace socbridge::health
