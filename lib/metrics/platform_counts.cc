// SPDX-License-Identifier: Apache-2.0
#include "metrics/platform_counts.h"

#include <utility>

#include "base/text.h"

namespace socbridge::metrics {
namespace {

constexpr const char* kIndicators =
    "query socctl_metrics { indicators(first: 1) { pageInfo { globalCount } } }";

}  // namespace

Result<OpenCtiCounts> count_opencti(opencti::Client& client, const Deadline& deadline) {
  OpenCtiCounts out;
  auto connectors = opencti::list_connectors(client, deadline);
  if (!connectors.ok()) return connectors.status();
  out.connectors = std::move(*connectors);
  const auto answer = client.query("indicators", kIndicators, "", deadline);
  if (!answer.ok()) return answer.status();
  const auto count = answer->root().path("data.indicators.pageInfo.globalCount").integer();
  if (count && *count >= 0) out.indicators = static_cast<std::uint64_t>(*count);
  return out;
}

Result<OpenSearchCounts> count_opensearch(opensearch::Client& client,
                                          const opensearch::Patterns& patterns,
                                          const Deadline& deadline) {
  OpenSearchCounts out;
  const auto health = client.cluster_health(deadline);
  if (!health.ok()) return health.status();
  out.open_shards = health->open_shards;
  out.unassigned_shards = health->unassigned_shards;
  const auto limits = client.limits(deadline);
  if (!limits.ok()) return limits.status();
  if (limits->shards_per_node && health->data_nodes > 0) {
    out.shard_limit = *limits->shards_per_node * static_cast<std::uint64_t>(health->data_nodes);
  }
  auto activity = client.activity(patterns, wall_now_ms(), deadline);
  if (!activity.ok()) return activity.status();
  out.alerts = std::move(*activity);
  out.loads = wazuh::read_statistics(out.alerts.statistics);
  return out;
}

Result<WazuhCounts> count_wazuh(wazuh::ApiClient& client, const Deadline& deadline) {
  if (Status in = client.log_in(deadline); !in.ok()) return in;
  const auto agents = client.agents(deadline);
  if (!agents.ok()) return agents.status();
  auto load = client.engine_load(deadline);
  if (!load.ok()) return load.status();
  return WazuhCounts{*agents, std::move(*load)};
}

}  // namespace socbridge::metrics
