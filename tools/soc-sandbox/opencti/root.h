// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "soc-sandbox/opencti/execute.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// One root field of a query. `settings` is the data file's content beside its objects.
graphql::Item resolve_query(const Graph& graph, json::Value settings, std::string_view name,
                            json::Value arguments);

}  // namespace socbridge::sandbox::opencti
