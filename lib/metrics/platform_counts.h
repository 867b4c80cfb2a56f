// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/time.h"
#include "metrics/counts.h"
#include "opencti/client.h"
#include "opencti/connectors.h"
#include "opensearch/client.h"
#include "opensearch/patterns.h"
#include "wazuh/api_client.h"
#include "wazuh/engine_load.h"

namespace socbridge::metrics {

// Counts of OpenCTI's objects and the state of its connectors.
struct OpenCtiCounts {
  std::optional<std::uint64_t> indicators;
  opencti::Connectors connectors;
};
// Two requests. Needs the capability MODULES.
Result<OpenCtiCounts> count_opencti(opencti::Client& client, const Deadline& deadline);

// Counts of the indices that Wazuh writes, and the state of the cluster.
struct OpenSearchCounts {
  opensearch::Activity alerts;
  std::vector<wazuh::NodeLoad> loads;  // from the statistics of Wazuh's dashboard
  std::int64_t open_shards = 0, unassigned_shards = 0;
  std::optional<std::uint64_t> shard_limit;  // of all data nodes together
};
// Three requests.
Result<OpenSearchCounts> count_opensearch(opensearch::Client& client,
                                          const opensearch::Patterns& patterns,
                                          const Deadline& deadline);

// The agents of a manager, and its load.
struct WazuhCounts {
  wazuh::AgentCounts agents;
  std::optional<wazuh::EngineLoad> load;  // empty before Wazuh 4.4
  std::string node = {};                  // host of the API's URL
};
constexpr std::size_t kWazuhRequests = 3;
Result<WazuhCounts> count_wazuh(wazuh::ApiClient& client, const Deadline& deadline);

}  // namespace socbridge::metrics
