// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mapping/collector.h"

namespace socbridge::mapping {

// Whether the complete text is clearly an address: IPv4 with or without a port, IPv6 of the global
// or the local (fc00::/7) range.
bool is_sure_address(std::string_view text);

// Offers URLs, addresses, hashes and defanged forms inside a text, tagged `from-text`. At most 50
// values per alert, counted by the collector's `from_text`.
void search_text(std::string_view text, Origin origin, Collector& collector);

}  // namespace socbridge::mapping
