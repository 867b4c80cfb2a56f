// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/probe.h"
#include "opensearch/client.h"

namespace socbridge::health {

// Indices that one part of Wazuh writes, and what stands still when nothing new comes.
struct Series {
  std::string check;    // "alerts index"
  std::string pattern;  // of the names of its indices
  std::string field;    // its documents' time
  std::string cure;
  std::vector<opensearch::Index> indices = {};
  bool known = false;  // the cluster has listed its indices

  // A new index each UTC day, named by it.
  bool is_daily() const;
  // Oldest and youngest by name of a daily series, else by creation; null: none.
  const opensearch::Index* youngest() const;
  // The one that is written to now: that of today, or the youngest. Null: none.
  const opensearch::Index* current(UnixMillis now_ms) const;
};

// Answers of the cluster that several checks use; empty where the cluster did not answer, which a
// check has reported by then.
struct ClusterView {
  opensearch::About about;
  std::optional<opensearch::ClusterHealth> health;
  std::optional<opensearch::Limits> limits;
  std::optional<opensearch::Blocks> blocks;
  // Of what is installed: alerts (Wazuh 4) or findings (Wazuh 5) first, then the others.
  std::vector<Series> series;
  // The check that says why the cluster takes no documents, or no new index; empty if it does.
  std::string no_writes, no_new_index;

  // Indices of all series.
  std::vector<const opensearch::Index*> indices() const;
};

// "2026.01.31" of a moment, in UTC.
std::string utc_day(UnixMillis ms);
// How a block is lifted.
std::string cure_of(const opensearch::Block& block, const std::string& index);

// Asks for the indices of each series. Findings are looked for only where there are no alerts or
// there are findings too, and what the dashboard of Wazuh 4 writes only where there are alerts.
void find_series(Probe& probe, opensearch::Client& client, ClusterView& view);

// The checks "disk", "writes" and "shards".
void check_disks(Probe& probe, opensearch::Client& client, const ClusterView& view);
void check_writes(Probe& probe, ClusterView& view);
void check_shards(Probe& probe, ClusterView& view);

// Whether a series is there and its newest document is new.
void check_series(Probe& probe, opensearch::Client& client, const ClusterView& view,
                  const Series& series);

// The checks "template", "mappings", "refused documents" and "retention" of the first series. What
// the account may not see is left out.
void check_schema(Probe& probe, opensearch::Client& client, const ClusterView& view);

}  // namespace socbridge::health
