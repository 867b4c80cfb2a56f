// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_network.h"

#include "observable/network.h"

namespace socbridge::stream {
using observable::Address;
using observable::Network;

std::string ip_value(std::string_view text) {
  const auto network = Network::parse(text);
  return network ? Network::around(network->address, network->bits).text() : std::string();
}

std::optional<NetworkSize> network_of(const MatchKey& key) {
  if (key.kind != "ip" || key.value.find('/') == std::string::npos) return std::nullopt;
  const auto network = Network::parse(key.value);
  if (!network) return std::nullopt;
  return NetworkSize{network->address.v6, network->bits};
}

std::optional<MatchKey> network_around(const MatchKey& address, const NetworkSize& size) {
  const auto parsed = address.kind == "ip" ? Address::parse(address.value) : std::nullopt;
  if (!parsed || parsed->v6 != size.v6) return std::nullopt;
  return MatchKey{"ip", Network::around(*parsed, size.bits).text()};
}

std::vector<MatchKey> addresses_of(const MatchKey& network, std::size_t most) {
  std::vector<MatchKey> out;
  if (!network_of(network)) return out;
  const auto parsed = *Network::parse(network.value);
  const unsigned free_bits = parsed.address.longest() - parsed.bits;
  constexpr unsigned kMostBits = 20;
  if (free_bits > kMostBits || (std::size_t{1} << free_bits) > most) return out;
  Address address = Network::around(parsed.address, parsed.bits).address;
  const std::size_t last = address.v6 ? 15 : 3;
  for (std::size_t n = 0; n < (std::size_t{1} << free_bits); ++n) {
    out.push_back({"ip", address.text()});
    for (std::size_t at = last; ++address.bytes[at] == 0 && at > 0;) --at;
  }
  return out;
}

}  // namespace socbridge::stream
