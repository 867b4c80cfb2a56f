// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace socbridge::integration {

// JSON Schema (draft 2020-12) of etc/w2thive.json and of <options>: the keys of schema(), with
// schemas for arrays and objects. It covers what an editor can check; other checks, such as the
// fields of templates, need `socctl config check`. Indented.
std::string config_json_schema();

}  // namespace socbridge::integration
