// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::sandbox::opencti::knowledge {

// What the platform knows if it is given nothing else: `knowledge` is lib/sandbox/opencti/
// knowledge.json.
std::string_view text(std::string_view name);

}  // namespace socbridge::sandbox::opencti::knowledge
