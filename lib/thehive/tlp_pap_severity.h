// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socbridge::thehive {

// Names of TheHive's scales (docs/protocols/thehive.md, "Scales").
std::string severity_name(int severity);  // low, medium, high, critical; else the number
std::string pap_name(int pap);            // clear, green, amber, red
// From 5.2 on, 3 is amber+strict and 4 red; before, 3 is red. `five_levels`: 5.2 or later.
std::string tlp_name(int tlp, bool five_levels);

// A name (white and clear are the same), also `TLP:AMBER`, or a number.
std::optional<int> parse_severity(std::string_view text);
std::optional<int> parse_tlp(std::string_view text, bool five_levels);
std::optional<int> parse_pap(std::string_view text);

}  // namespace socbridge::thehive
