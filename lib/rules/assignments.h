// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "rules/rule.h"

namespace socbridge::rules {

// Reads a rule's `set`.
Assignments read_assignments(json::Value value, Faults& faults);

// TheHive's number for a word or a number; empty if the text is neither.
std::optional<int> severity_of(std::string_view text);  // 1 to 4, low to critical
std::optional<int> tlp_of(std::string_view text);       // 0 to 4, clear to red
std::optional<int> pap_of(std::string_view text);       // 0 to 3, clear to red

}  // namespace socbridge::rules
