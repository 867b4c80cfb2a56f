// SPDX-License-Identifier: Apache-2.0
#include "health/probes/wazuh.h"
#include "health/registry.h"

namespace socbridge::health {
namespace {

// The cluster, and on the manager the indexer part of its configuration.
void probe_indexer(Probe& probe) {
  probe_opensearch(probe);
  const Options& options = probe.options();
  if (!wazuh_is_here(probe.env(), options)) return;
  check_indexer_block(probe, options.ossec_conf.empty() ? options.wazuh_home + "/etc/ossec.conf"
                                                        : options.ossec_conf);
}

}  // namespace

const Component& indexer_component() {
  static const Component component{"opensearch", "OpenSearch",
                                   "cluster, indices, templates, retention, <indexer> block",
                                   probe_indexer, nullptr};
  return component;
}

}  // namespace socbridge::health
