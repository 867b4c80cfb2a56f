// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/index/match_key.h"

namespace socbridge::stream {

// An address, or a network whose address bits behind the mask are zero, in one spelling; a network
// of one address is that address. Empty: it is neither.
std::string ip_value(std::string_view text);

// What networks among the `ip` values of MatchKey have in common: `198.51.100.0/24` has 24 bits.
struct NetworkSize {
  bool v6 = false;
  unsigned bits = 0;
};
std::optional<NetworkSize> network_of(const MatchKey& key);
// The network of that length around an address; empty if it is none of that version.
std::optional<MatchKey> network_around(const MatchKey& address, const NetworkSize& size);
// All addresses of a network, empty if there are more than `most`.
std::vector<MatchKey> addresses_of(const MatchKey& network, std::size_t most);

}  // namespace socbridge::stream
