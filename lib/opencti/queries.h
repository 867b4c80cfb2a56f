// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::opencti::queries {

// The GraphQL document of lib/opencti/queries/NAME.graphql, built in with its part of
// lib/opencti/queries/parts; empty if there is none of that name. One operation each, written for
// OpenCTI 6.8 and 7, no root field more often than the platform allows (docs/protocols/opencti.md,
// "Query limits").
std::string_view text(std::string_view name);

}  // namespace socbridge::opencti::queries
