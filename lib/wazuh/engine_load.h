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

// What the engine of one manager took since it was started. What is not known is empty.
struct EngineLoad {
  std::optional<std::uint64_t> received, processed;
  std::optional<std::uint64_t> dropped;    // by analysisd
  std::optional<std::uint64_t> discarded;  // messages of agents, by remoted
  // Name of a queue as the API has it, `remoted` for that of remoted, and how full it is, in
  // thousandths; 30 at most.
  std::vector<std::pair<std::string, std::int64_t>> queues;
};

// `items`: affected_items of GET /manager/daemons/stats.
EngineLoad read_daemon_stats(json::Value items);

// The load of one node of a cluster, or of a manager without one.
struct NodeLoad {
  // That of the node; without a cluster, what the dashboard calls the manager's API. Where two
  // nodes have one name, that of the API and `/` before it.
  std::string node;
  bool in_cluster = false;
  EngineLoad load;
};

// What documents of `wazuh-statistics-*` say, the newest first: JSON of their `_source`. Of each
// node the first document of analysisd and of remoted counts. Those of managers before 4.4 count
// the last seconds only, so only queues and what remoted discarded are taken of them. 50 nodes at
// most, in the order of their names. What is no such document is passed over.
std::vector<NodeLoad> read_statistics(const std::vector<std::string>& documents);

}  // namespace socbridge::wazuh
