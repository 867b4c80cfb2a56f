// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

// A named set of keys, for the configuration's `presets`; keys of the file take precedence.
struct Preset {
  std::string_view name;
  std::string_view keys;           // a JSON object as in etc/w2thive.json
  std::string_view custom_fields;  // JSON object; added to the configured fields
};

// Null if there is no preset of that name.
const Preset* preset_called(std::string_view name);
std::vector<std::string_view> preset_names();

}  // namespace socbridge::mapping
