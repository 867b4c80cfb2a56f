// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socbridge::cortex {

// What a STIX pattern compares with: pairs of a type's word (`ip`, `domain`, `hash`, …, or `auto`)
// and a value, of every `PATH = 'VALUE'` in it. Other operators say nothing about a value that can
// be looked up. `[ipv4-addr:value = '192.0.2.1' OR file:hashes.MD5 = '…']`. Source: STIX 2.1,
// "STIX Patterning".
std::vector<std::pair<std::string, std::string>> values_of_pattern(std::string_view pattern);

}  // namespace socbridge::cortex
