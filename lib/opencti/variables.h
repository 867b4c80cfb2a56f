// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::opencti {

// JSON object of GraphQL variables from `NAME=VALUE` texts, as given on a command line. A value
// that is JSON (`5`, `true`, `["a"]`, `"text"`) is used unchanged, any other is a string. Errors
// (usage): no name, a name that GraphQL does not allow, a repeated name.
Result<std::string> variables_from(const std::vector<std::string>& assignments);

}  // namespace socbridge::opencti
