// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace socbridge::wazuh {

// Counters of one manager's engine since its start. Unknown values are empty.
struct EngineLoad {
  std::optional<std::uint64_t> received, processed;
  std::optional<std::uint64_t> dropped;    // by analysisd
  std::optional<std::uint64_t> discarded;  // agents' messages, by remoted
  // At most 30 queues: name as in the API (`remoted` for that of remoted), and usage in
  // thousandths.
  std::vector<std::pair<std::string, std::int64_t>> queues;
};

// `items`: affected_items of GET /manager/daemons/stats.
EngineLoad read_daemon_stats(json::Value items);

// The load of a cluster node, or of a manager without a cluster.
struct NodeLoad {
  // Name of the node; without a cluster, the dashboard's name of the manager's API. If two nodes
  // have the same name, it is prefixed by that of the API and `/`.
  std::string node;
  bool in_cluster = false;
  EngineLoad load;
};

// Reads documents of `wazuh-statistics-*`, newest first: JSON of their `_source`. The first
// document of analysisd and of remoted of each node counts. Those of managers before 4.4 cover only
// the last seconds, so only queues and remoted's discarded messages are read from them. At most 50
// nodes, ordered by name. Other documents are skipped.
std::vector<NodeLoad> read_statistics(const std::vector<std::string>& documents);

}  // namespace socbridge::wazuh
