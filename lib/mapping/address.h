#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socbridge::mapping {

enum class Scope {
  global,
  local_net,    // RFC 1918, 100.64/10, 198.18/15, fc00::/7, fec0::/10
  loopback,     // 127/8, ::1
  unspecified,  // 0/8, ::
  link_local,   // 169.254/16, fe80::/10
  multicast,    // 224/4, ff00::/8
  reserved,     // 240/4 with the broadcast address
};

struct Address {
  std::string text;  // IPv4 dotted, IPv6 as RFC 5952; IPv4-mapped IPv6 comes as IPv4
  Scope scope = Scope::global;
  bool v6 = false;
};

// Reads `192.0.2.1`, any spelling of IPv6, a zone (`%eth0`), brackets, a port (`192.0.2.1:80`,
// `[2001:db8::1]:443`, `192.0.2.1#53`) and the host prefixes `/32` and `/128`. Empty if it is none.
std::optional<Address> parse_address(std::string_view text);

// Why an address of this scope is never an observable, or "".
std::string_view useless_scope(Scope scope);

}  // namespace socbridge::mapping
