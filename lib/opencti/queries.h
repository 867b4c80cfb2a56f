// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::opencti::queries {

// The GraphQL document of lib/opencti/queries/NAME.graphql with its parts from
// lib/opencti/queries/parts, compiled in; empty for an unknown name. Each has one operation for
// OpenCTI 6.8 and 7 and repeats no root field more often than the platform allows
// (docs/protocols/opencti.md, "Query limits").
std::string_view text(std::string_view name);

}  // namespace socbridge::opencti::queries
