// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

// Keys that are set together, for `presets` of the configuration; what the file says itself wins.
struct Preset {
  std::string_view name;
  std::string_view keys;           // a JSON object as in etc/w2thive.json
  std::string_view custom_fields;  // JSON object; added to the configured ones
};

// Null if there is none of that name.
const Preset* preset_called(std::string_view name);
std::vector<std::string_view> preset_names();

}  // namespace socbridge::mapping
