// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace socbridge::integration {

// JSON Schema (draft 2020-12) of etc/w2thive.json and of <options>: the keys of schema(), with the
// shapes of what arrays and objects hold. It says what an editor can check; what only the program
// knows, such as where a template leads, `socctl config check` says. Indented.
std::string config_json_schema();

}  // namespace socbridge::integration
