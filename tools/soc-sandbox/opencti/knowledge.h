// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace socbridge::sandbox::opencti::knowledge {

// The built-in knowledge of the platform: `knowledge` is tools/soc-sandbox/opencti/knowledge.json.
std::string_view text(std::string_view name);

}  // namespace socbridge::sandbox::opencti::knowledge
