// SPDX-License-Identifier: Apache-2.0
#include "health/probes/opensearch.h"

#include <utility>

#include "base/text.h"
#include "health/registry.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

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
              "see the reason: GET _cluster/allocation/explain; a single node needs "
              "number_of_replicas 0");
  } else {
    probe.add("cluster", State::down, Cause::reported_error, detail,
              "see the reason: GET _cluster/allocation/explain");
  }
}

// Reads data for several checks. Its error is reported by each of them.
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
  find_series(probe, client, view);
}

bool is_supported(const opensearch::About& about) {
  const std::uint64_t major =
      parse_u64(about.version.substr(0, about.version.find('.'))).value_or(0);
  return about.distribution == "opensearch" ? major >= 1 : major >= 7;
}

}  // namespace

void probe_opensearch(Probe& probe) {
  opensearch::Client client(probe.cluster());
  const auto about = client.about(probe.deadline());
  if (!about.ok()) {
    probe.fail("answer", about.status());
    return;
  }
  probe.answered(client.first_ms());
  probe.version(about->version);
  if (!is_supported(*about)) {
    probe.add("version", State::degraded, Cause::version,
              "version " + about->version + " is older than the versions that Wazuh uses",
              "use OpenSearch 1 or later (wazuh-indexer), or Elasticsearch 7.10 or later");
  }
  ClusterView view;
  view.about = *about;
  check_cluster(probe, client, view);
  ask(probe, client, view);
  check_disks(probe, client, view);
  check_writes(probe, view);
  check_shards(probe, view);
  for (const Series& series : view.series) {
    if (series.known) check_series(probe, client, view, series);
  }
  check_schema(probe, client, view);
}

}  // namespace socbridge::health
