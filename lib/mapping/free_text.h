// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mapping/collector.h"

namespace socbridge::mapping {

// A whole text that is an address and hardly anything else: IPv4 with or without a port, IPv6 of
// the global or the local (fc00::/7) range.
bool is_sure_address(std::string_view text);

// URLs, addresses, hashes and defanged forms inside a text, tagged `from-text`. Offers at most 50
// values of one alert, counted by the collector's `from_text`.
void search_text(std::string_view text, Origin origin, Collector& collector);

}  // namespace socbridge::mapping
