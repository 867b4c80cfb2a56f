// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "socctl/common/command.h"
#include "socctl/common/endpoint_options.h"

namespace socbridge::socctl {

// Verbs of `indexer`, one file each.
void add_indexer_check(Command& indexer, Chosen& chosen);

inline constexpr EndpointWords kIndexerWords = {"opensearch", "OpenSearch", "password or API key",
                                                "Time for all checks together (default 10s)",
                                                10000};

}  // namespace socbridge::socctl
