// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/env.h"
#include "base/status.h"
#include "config/settings.h"
#include "opensearch/connection.h"
#include "opensearch/patterns.h"
#include "profile/profile.h"
#include "profile/section.h"

namespace socbridge::profile {

// The keys of the section "indices".
config::Schema indices_schema();

// Names of indices from the section "indices" of the configuration, with Wazuh's defaults for
// absent ones:
//   "indices": { "alerts": "siem-alerts-*", "findings": "…", "monitoring": "…", "statistics": "…",
//   "dead_letters": "…", "state": "…" }
// Errors (usage) with their position in the file.
Result<opensearch::Patterns> find_patterns(Env& env, const Flags& flags, const SystemPaths& system);

// The same from a section "indices", which may be empty.
Result<opensearch::Patterns> read_patterns(const Section& section);

// Connection options for this OpenSearch; each node is queried once.
opensearch::ConnectionOptions connection_options(const Endpoint& endpoint);

}  // namespace socbridge::profile
