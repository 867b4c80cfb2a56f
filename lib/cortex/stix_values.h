// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socbridge::cortex {

// The values that a STIX pattern compares with: pairs of a type word (`ip`, `domain`, `hash`, …, or
// `auto`) and a value, for every `PATH = 'VALUE'`. Other operators give no value that can be looked
// up. `[ipv4-addr:value = '192.0.2.1' OR file:hashes.MD5 = '…']`. Source: STIX 2.1, "STIX
// Patterning".
std::vector<std::pair<std::string, std::string>> values_of_pattern(std::string_view pattern);

}  // namespace socbridge::cortex
