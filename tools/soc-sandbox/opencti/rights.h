// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "json/value.h"
#include "soc-sandbox/opencti/graph.h"

namespace socbridge::sandbox::opencti {

// What the token's user may do. `settings` is the member `sandbox` of the data file; without
// `me.capabilities` everything is allowed. Like in OpenCTI, a held capability whose name contains
// `capability` is enough, and BYPASS implies all.
bool may(json::Value settings, std::string_view capability);

// The capability required for a root field; empty: none.
std::string_view right_for(std::string_view field);

// Whether the user may use the marking with this id. Without `me.allowed_marking` all are allowed.
bool may_mark(const Graph& graph, json::Value settings, std::string_view marking_id);

}  // namespace socbridge::sandbox::opencti
