// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/index/match_key.h"

namespace socbridge::stream {

// An address, or a network with its host bits zeroed, in canonical form; a network of one address
// becomes that address. Empty: neither.
std::string ip_value(std::string_view text);

// A size of networks among the `ip` values of MatchKey: `198.51.100.0/24` has 24 bits.
struct NetworkSize {
  bool v6 = false;
  unsigned bits = 0;
};
std::optional<NetworkSize> network_of(const MatchKey& key);
// The network of that size around an address; empty if the IP versions differ.
std::optional<MatchKey> network_around(const MatchKey& address, const NetworkSize& size);
// All addresses of a network, empty if there are more than `most`.
std::vector<MatchKey> addresses_of(const MatchKey& network, std::size_t most);

}  // namespace socbridge::stream
