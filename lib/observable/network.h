// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::observable {

// An IPv4 or IPv6 address in network byte order.
struct Address {
  std::array<unsigned char, 16> bytes{};  // the first 4 for IPv4
  bool v6 = false;

  // In any spelling that parse_ip() accepts.
  static std::optional<Address> parse(std::string_view text);
  std::string text() const;
  unsigned longest() const { return v6 ? 128 : 32; }  // bits
};

// An address block: `10.0.0.0/8`, `2001:db8::/32`, or one address.
struct Network {
  Address address;
  unsigned bits = 0;

  // Bits after the mask may be set. Empty: not an address, or more bits than it has.
  static std::optional<Network> parse(std::string_view text);
  // The block of that many bits around the address; host bits are zeroed.
  static Network around(const Address& address, unsigned bits);
  bool holds(const Address& other) const;
  bool holds(std::string_view text) const;  // false for text that is not an address
  std::string text() const;                 // a single address has no length
};

}  // namespace socbridge::observable
