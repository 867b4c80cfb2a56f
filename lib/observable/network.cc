// SPDX-License-Identifier: Apache-2.0
#include "observable/network.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"
#include "observable/validate.h"

namespace socbridge::observable {

std::optional<Address> Address::parse(std::string_view text) {
  const auto ip = parse_ip(text);
  if (!ip) return std::nullopt;
  Address out;
  out.v6 = ip->text.find(':') != std::string::npos;
  if (inet_pton(out.v6 ? AF_INET6 : AF_INET, ip->text.c_str(), out.bytes.data()) != 1) {
    return std::nullopt;
  }
  return out;
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), out.data(), out.size());
  return out.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  text = trim(text);
  const std::size_t slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Network{*address, address->longest()};
  const auto bits = parse_u64(text.substr(slash + 1));
  if (!bits || *bits > address->longest()) return std::nullopt;
  return Network{*address, static_cast<unsigned>(*bits)};
}

Network Network::around(const Address& address, unsigned bits) {
  constexpr unsigned kByte = 8, kAll = 0xFF;
  Network out{address, bits};
  for (unsigned i = 0; i < out.address.bytes.size(); ++i) {
    const unsigned kept = bits > i * kByte ? std::min(bits - i * kByte, kByte) : 0;
    out.address.bytes[i] &= static_cast<unsigned char>(kAll << (kByte - kept));
  }
  return out;
}

bool Network::holds(const Address& other) const {
  return other.v6 == address.v6 &&
         around(other, bits).address.bytes == around(address, bits).address.bytes;
}

bool Network::holds(std::string_view text) const {
  const auto other = Address::parse(text);
  return other && holds(*other);
}

std::string Network::text() const {
  return address.text() + (bits == address.longest() ? "" : "/" + std::to_string(bits));
}

}  // namespace socbridge::observable
