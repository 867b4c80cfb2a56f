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

// Indices of one part of Wazuh, and what has stopped if they get no new documents.
struct Series {
  std::string check;    // "alerts index"
  std::string pattern;  // of index names
  std::string field;    // its documents' time
  std::string cure;
  std::vector<opensearch::Index> indices = {};
  bool known = false;  // the cluster has listed its indices

  // Whether it has a new index for each UTC day, with the day in its name.
  bool is_daily() const;
  // Oldest and youngest, for a daily series by name, else by creation; null: none.
  const opensearch::Index* youngest() const;
  // The index that is currently written to: today's, or the youngest. Null: none.
  const opensearch::Index* current(UnixMillis now_ms) const;
};

// Answers of the cluster for several checks; empty where the cluster did not answer, which a check
// has already reported.
struct ClusterView {
  opensearch::About about;
  std::optional<opensearch::ClusterHealth> health;
  std::optional<opensearch::Limits> limits;
  std::optional<opensearch::Blocks> blocks;
  // Installed series: alerts (Wazuh 4) or findings (Wazuh 5) first, then the others.
  std::vector<Series> series;
  // The check that explains why the cluster accepts no documents, or no new index; empty if it
  // does.
  std::string no_writes, no_new_index;

  // Indices of all series.
  std::vector<const opensearch::Index*> indices() const;
};

// "2026.01.31" of a moment, in UTC.
std::string utc_day(UnixMillis ms);
// How to remove a block.
std::string cure_of(const opensearch::Block& block, const std::string& index);

// Reads the indices of each series. Findings are checked only if there are no alerts or there are
// findings, and the indices of Wazuh 4's dashboard only if there are alerts.
void find_series(Probe& probe, opensearch::Client& client, ClusterView& view);

// The checks "disk", "writes" and "shards".
void check_disks(Probe& probe, opensearch::Client& client, const ClusterView& view);
void check_writes(Probe& probe, ClusterView& view);
void check_shards(Probe& probe, ClusterView& view);

// Whether a series exists and its newest document is recent.
void check_series(Probe& probe, opensearch::Client& client, const ClusterView& view,
                  const Series& series);

// The checks "template", "mappings", "refused documents" and "retention" of the first series.
// Checks that the account may not read are left out.
void check_schema(Probe& probe, opensearch::Client& client, const ClusterView& view);

}  // namespace socbridge::health
