// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/probe.h"
#include "opensearch/client.h"

namespace socbridge::health {

// What Wazuh writes, and what stands still when it does not come.
struct Series {
  const char* check;
  const char* prefix;  // of the names of its indices
  const char* field;
  bool daily;  // a new index each UTC day, named by it
  const char* cure;
};
inline constexpr std::array<Series, 3> kSeries = {
    {{"alerts index", "wazuh-alerts-4.x-", "timestamp", true,
      "check Filebeat on the manager: filebeat test output"},
     {"monitoring index", "wazuh-monitoring-", "timestamp", false,
      "check the Wazuh dashboard, which writes it: wazuh.monitoring.enabled"},
     {"statistics index", "wazuh-statistics-", "timestamp", false,
      "check the Wazuh dashboard, which writes it: cron.statistics.status"}}};

// Answers of the cluster that several checks use; empty where the cluster did not answer, which a
// check has reported by then.
struct ClusterView {
  std::optional<opensearch::ClusterHealth> health;
  std::optional<opensearch::Limits> limits;
  std::optional<opensearch::Blocks> blocks;
  std::optional<std::vector<opensearch::Index>> indices;  // wazuh-*
  // The check that says why the cluster takes no documents, or no new index; empty if it does.
  std::string no_writes, no_new_index;
};

// Its indices, and the one that is written to now: that of today, or the youngest. Null: none.
std::vector<const opensearch::Index*> indices_of(const ClusterView& view, const Series& series);
const opensearch::Index* current_index(const ClusterView& view, const Series& series,
                                       UnixMillis now_ms);
// "2026.01.31" of a moment, in UTC.
std::string utc_day(UnixMillis ms);
// How a block is lifted.
std::string cure_of(const opensearch::Block& block, const std::string& index);

// The checks "disk", "writes" and "shards".
void check_disks(Probe& probe, opensearch::Client& client, const ClusterView& view);
void check_writes(Probe& probe, ClusterView& view);
void check_shards(Probe& probe, ClusterView& view);

}  // namespace socbridge::health
