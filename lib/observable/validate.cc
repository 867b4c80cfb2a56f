// SPDX-License-Identifier: Apache-2.0
#include "observable/validate.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/text.h"

namespace socbridge::observable {
namespace {

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

IpScope scope_v4(std::uint32_t a) {  // host order
  const auto in = [a](std::uint32_t net, unsigned bits) {
    return (a >> (32U - bits)) == (net >> (32U - bits));
  };
  if (in(0x00000000, 8) || in(0x7F000000, 8) || in(0xA9FE0000, 16) || in(0xE0000000, 4) ||
      a == 0xFFFFFFFF) {
    return IpScope::useless;
  }
  if (in(0x0A000000, 8) || in(0xAC100000, 12) || in(0xC0A80000, 16) || in(0x64400000, 10)) {
    return IpScope::private_use;
  }
  return IpScope::global;
}

IpScope scope_v6(const std::array<unsigned char, 16>& b) {
  const bool zero_but_last =
      std::all_of(b.begin(), b.end() - 1, [](unsigned char c) { return c == 0; });
  if (zero_but_last && b[15] <= 1) return IpScope::useless;  // :: and ::1
  if (b[0] == 0xFF || (b[0] == 0xFE && (b[1] & 0xC0U) == 0x80U)) return IpScope::useless;
  if ((b[0] & 0xFEU) == 0xFCU) return IpScope::private_use;
  return IpScope::global;
}

std::optional<IpAddress> from_v4(std::string_view digits) {
  constexpr std::size_t kShortest = 7, kLongest = 15;  // 0.0.0.0, 255.255.255.255
  if (digits.size() < kShortest || digits.size() > kLongest) return std::nullopt;
  if (digits.front() < '0' || digits.front() > '9') return std::nullopt;
  const std::string text(digits);
  in_addr a{};
  if (inet_pton(AF_INET, text.c_str(), &a) != 1) return std::nullopt;
  // inet_pton accepts only the usual form: four decimal numbers without leading zeros.
  return IpAddress{text, scope_v4(ntohl(a.s_addr))};
}

std::optional<IpAddress> from_v6(const std::string& text) {
  std::array<unsigned char, 16> b{};
  if (inet_pton(AF_INET6, text.c_str(), b.data()) != 1) return std::nullopt;
  static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                            0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), b.begin())) {
    return from_v4(std::to_string(b[12]) + "." + std::to_string(b[13]) + "." +
                   std::to_string(b[14]) + "." + std::to_string(b[15]));
  }
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(AF_INET6, b.data(), out.data(), out.size());
  return IpAddress{out.data(), scope_v6(b)};
}

bool is_port(std::string_view text) {
  constexpr std::uint64_t kMost = 65535;
  const auto port = parse_u64(text);
  return port && *port <= kMost;
}

bool is_label(std::string_view label) {
  constexpr std::size_t kLongest = 63;
  if (label.empty() || label.size() > kLongest || label.front() == '-' || label.back() == '-' ||
      label.front() == '_')
    return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// Whether the text is the host of a URL: a name, an address or `[IPv6 address]`, with or without a
// port. Logs also contain names that DNS would not accept. A text without a letter or digit, or
// with a character that ends a URL, is not a host.
bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    const std::string_view rest = text.substr(close + 1);
    return parse_ip(text.substr(0, close + 1)) && (rest.empty() || rest.front() == ':');
  }
  bool has_letter_or_digit = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr unsigned char kDelete = 0x7F;
    if (byte <= ' ' || byte == kDelete) return false;
    if (std::string_view("\"'`<>,;!?\\^|{}()[]").find(c) != std::string_view::npos) return false;
    has_letter_or_digit = has_letter_or_digit || byte > kDelete || std::isalnum(byte) != 0;
  }
  return has_letter_or_digit;
}

// Prefixes that URLs, Exchange and cloud services write before an address.
std::string_view without_mail_prefix(std::string_view text) {
  for (const std::string_view prefix :
       {"mailto:", "smtp:", "sip:", "user:", "group:", "serviceAccount:"}) {
    if (istarts_with(text, prefix)) return text.substr(prefix.size());
  }
  return text;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  text = trim(text);
  constexpr std::size_t kLongest = 100;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    text = text.substr(1, close - 1);
  } else if (const std::size_t colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    if (!is_port(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  if (text.find(':') == std::string_view::npos) return from_v4(text);
  return from_v6(std::string(text.substr(0, text.find('%'))));
}

std::optional<std::string> normalise_hash(std::string_view text) {
  text = trim(text);
  const std::size_t mark = text.find_first_of(":=");
  if (mark != std::string_view::npos) {
    const std::string name = ascii_lower(text.substr(0, mark));
    static constexpr std::array<std::string_view, 8> kNames = {
        "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha-1", "sha-256"};
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return std::nullopt;
    text = text.substr(mark + 1);
  }
  static constexpr std::array<std::size_t, 6> kLengths = {32, 40, 56, 64, 96, 128};
  if (std::find(kLengths.begin(), kLengths.end(), text.size()) == kLengths.end() || !is_hex(text)) {
    return std::nullopt;
  }
  return ascii_lower(text);
}

std::optional<std::string> parse_hash(std::string_view text) {
  auto hash = normalise_hash(text);
  if (!hash || hash->find_first_not_of('0') == std::string::npos) return std::nullopt;
  static constexpr std::array<std::string_view, 4> kEmptyFile = {
      "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
  if (std::find(kEmptyFile.begin(), kEmptyFile.end(), *hash) != kEmptyFile.end())
    return std::nullopt;
  return hash;
}

std::optional<std::string> parse_domain(std::string_view text) {
  text = trim(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  constexpr std::size_t kLongest = 253;
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  std::string name = ascii_lower(text);
  const std::size_t last = name.rfind('.') + 1;
  if (last == 0 || last == name.size()) return std::nullopt;
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (!is_label(label)) return std::nullopt;
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  // The last label of a name is never a number; that of an address is.
  if (parse_u64(std::string_view(name).substr(last))) return std::nullopt;
  return name;
}

std::optional<std::string> parse_mail(std::string_view text) {
  text = trim(text);
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with('>')) {
    text = text.substr(open + 1, text.size() - open - 2);
  }
  text = without_mail_prefix(text);
  constexpr std::size_t kLongest = 254;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > kLongest) return std::nullopt;
  const std::string_view local = text.substr(0, at);
  const bool odd = std::any_of(local.begin(), local.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == ',' ||
           c == ';' || c == '@' || c == '/' || c == ':';
  });
  const auto domain = parse_domain(text.substr(at + 1));
  if (odd || !domain) return std::nullopt;
  return std::string(local) + "@" + *domain;
}

std::optional<std::string> parse_url(std::string_view text) {
  text = trim(text);
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string scheme = ascii_lower(text.substr(0, mark));
  if (scheme != "http" && scheme != "https" && scheme != "ftp" && scheme != "ftps")
    return std::nullopt;
  const std::string_view rest = text.substr(mark + 3);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  if (authority.find_first_of(" \t\"<>") != std::string_view::npos) return std::nullopt;
  const std::size_t user = authority.rfind('@');
  const std::size_t host = user == std::string_view::npos ? 0 : user + 1;
  if (!is_host(authority.substr(host))) return std::nullopt;
  return scheme + "://" + std::string(authority.substr(0, host)) +
         ascii_lower(authority.substr(host)) + std::string(rest.substr(end));
}

bool is_placeholder(std::string_view text) {
  text = trim(text);
  constexpr std::size_t kLongest = 11;
  if (text.empty()) return true;
  if (text.size() > kLongest) return false;
  // Most texts begin with another letter.
  if (std::string_view("-?nN(uU<lL*").find(text.front()) == std::string_view::npos) return false;
  static constexpr std::array<std::string_view, 15> kNothing = {
      "-",       "--",        "?",         "n/a", "na",     "none",  "null", "(null)",
      "unknown", "(unknown)", "undefined", "nil", "<none>", "local", "*"};
  return std::any_of(kNothing.begin(), kNothing.end(), [&](std::string_view nothing) {
    return text.size() == nothing.size() && iequals(text, nothing);
  });
}

}  // namespace socbridge::observable
