// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "observable/validate.h"

namespace socbridge::stream {
namespace {

using Bytes = std::array<unsigned char, 16>;

std::optional<Bytes> to_bytes(const std::string& text, bool v6) {
  Bytes out{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), out.data()) != 1) return std::nullopt;
  return out;
}

std::string to_text(const Bytes& bytes, bool v6) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), out.data(), out.size());
  return out.data();
}

Bytes masked(Bytes bytes, unsigned bits) {
  constexpr unsigned kByte = 8;
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned keep = bits > i * kByte ? std::min(bits - i * kByte, kByte) : 0;
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFFU << (kByte - keep)));
  }
  return bytes;
}

}  // namespace

std::string ip_value(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    const auto ip = observable::parse_ip(text);
    return ip ? ip->text : std::string();
  }
  const auto ip = observable::parse_ip(text.substr(0, slash));
  const auto bits = parse_u64(text.substr(slash + 1));
  if (!ip || !bits) return {};
  const bool v6 = ip->text.find(':') != std::string::npos;
  const unsigned most = v6 ? 128 : 32;
  if (*bits > most) return {};
  if (*bits == most) return ip->text;
  return to_text(masked(*to_bytes(ip->text, v6), static_cast<unsigned>(*bits)), v6) + "/" +
         std::to_string(*bits);
}

std::optional<Network> network_of(const MatchKey& key) {
  if (key.kind != "ip") return std::nullopt;
  const std::size_t slash = key.value.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto bits = parse_u64(std::string_view(key.value).substr(slash + 1));
  return Network{key.value.find(':') != std::string::npos, static_cast<unsigned>(bits.value_or(0))};
}

std::optional<MatchKey> network_around(const MatchKey& address, const Network& size) {
  const auto bytes = to_bytes(address.value, size.v6);
  if (address.kind != "ip" || !bytes) return std::nullopt;
  return MatchKey{"ip",
                  to_text(masked(*bytes, size.bits), size.v6) + "/" + std::to_string(size.bits)};
}

std::vector<MatchKey> addresses_of(const MatchKey& network, std::size_t most) {
  std::vector<MatchKey> out;
  const auto size = network_of(network);
  if (!size) return out;
  const unsigned free_bits = (size->v6 ? 128U : 32U) - size->bits;
  constexpr unsigned kMostBits = 20;
  if (free_bits > kMostBits || (std::size_t{1} << free_bits) > most) return out;
  auto bytes = *to_bytes(network.value.substr(0, network.value.find('/')), size->v6);
  const std::size_t last = size->v6 ? 15 : 3;
  for (std::size_t n = 0; n < (std::size_t{1} << free_bits); ++n) {
    out.push_back({"ip", to_text(bytes, size->v6)});
    for (std::size_t at = last; ++bytes[at] == 0 && at > 0;) --at;
  }
  return out;
}

}  // namespace socbridge::stream
