#include "mapping/address.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMaxText = 45;  // longest spelling of an IPv6 address

Scope scope_v4(const std::uint8_t* b) {
  if (b[0] == 0) return Scope::unspecified;
  if (b[0] == 127) return Scope::loopback;
  if (b[0] == 10 || (b[0] == 172 && (b[1] & 0xF0) == 16) || (b[0] == 192 && b[1] == 168) ||
      (b[0] == 100 && (b[1] & 0xC0) == 64) || (b[0] == 198 && (b[1] & 0xFE) == 18)) {
    return Scope::local_net;
  }
  if (b[0] == 169 && b[1] == 254) return Scope::link_local;
  if (b[0] >= 240) return Scope::reserved;
  return b[0] >= 224 ? Scope::multicast : Scope::global;
}

Scope scope_v6(const std::array<std::uint8_t, 16>& b) {
  static constexpr std::array<std::uint8_t, 15> kZeros{};
  if (std::memcmp(b.data(), kZeros.data(), kZeros.size()) == 0) {
    if (b[15] == 0) return Scope::unspecified;
    if (b[15] == 1) return Scope::loopback;
  }
  if (b[0] == 0xFF) return Scope::multicast;
  if (b[0] == 0xFE && (b[1] & 0xC0) == 0x80) return Scope::link_local;
  if ((b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0xC0)) return Scope::local_net;
  return Scope::global;
}

bool is_mapped(const std::array<std::uint8_t, 16>& b) {
  static constexpr std::array<std::uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::memcmp(b.data(), kPrefix.data(), kPrefix.size()) == 0;
}

std::optional<Address> parse_bare(std::string_view text) {
  if (text.empty() || text.size() > kMaxText) return std::nullopt;
  std::array<char, kMaxText + 1> zero_ended{};
  text.copy(zero_ended.data(), text.size());
  std::array<char, INET6_ADDRSTRLEN> out{};
  std::array<std::uint8_t, 16> bytes{};
  if (text.find(':') == std::string_view::npos) {
    if (inet_pton(AF_INET, zero_ended.data(), bytes.data()) != 1) return std::nullopt;
    inet_ntop(AF_INET, bytes.data(), out.data(), out.size());
    return Address{out.data(), scope_v4(bytes.data()), false};
  }
  if (inet_pton(AF_INET6, zero_ended.data(), bytes.data()) != 1) return std::nullopt;
  if (is_mapped(bytes)) {
    inet_ntop(AF_INET, bytes.data() + 12, out.data(), out.size());
    return Address{out.data(), scope_v4(bytes.data() + 12), false};
  }
  inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  return Address{out.data(), scope_v6(bytes), true};
}

bool is_port(std::string_view text) {
  const auto port = text.size() <= 5 ? parse_u64(text) : std::nullopt;
  return port && *port <= 65535;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  text = trim(text);
  std::string_view prefix;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    text = text.substr(1, close - 1);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  } else if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    prefix = text.substr(slash + 1);
    text = text.substr(0, slash);
  } else if (const std::size_t mark = text.find_first_of(":#"); mark != std::string_view::npos) {
    const bool single = text.find(':', mark + 1) == std::string_view::npos;
    if (single && text.substr(0, mark).find('.') != std::string_view::npos) {
      if (!is_port(text.substr(mark + 1))) return std::nullopt;
      text = text.substr(0, mark);
    }
  }
  text = text.substr(0, text.find('%'));
  auto address = parse_bare(text);
  if (!address || prefix.empty()) return address;
  if (prefix != (address->v6 ? "128" : "32")) return std::nullopt;
  return address;
}

std::string_view useless_scope(Scope scope) {
  switch (scope) {
    case Scope::loopback: return "loopback";
    case Scope::unspecified: return "unspecified address";
    case Scope::link_local: return "link-local";
    case Scope::multicast: return "multicast";
    case Scope::reserved: return "broadcast or reserved";
    case Scope::global:
    case Scope::local_net: break;
  }
  return "";
}

}  // namespace socbridge::mapping
