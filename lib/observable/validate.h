// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socbridge::observable {

enum class IpScope { global, private_use, useless };

struct IpAddress {
  std::string text;  // canonical: dotted quad, or RFC 5952; IPv4-mapped addresses as IPv4
  IpScope scope =
      IpScope::global;  // useless: unspecified, loopback, link-local, multicast, broadcast
};

// Accepts `1.2.3.4`, `1.2.3.4:5678`, `[2001:db8::1]:443`, `[2001:db8::1]`, IPv6 in any spelling,
// with or without a zone. Empty if the text is not an address.
std::optional<IpAddress> parse_ip(std::string_view text);

// md5, sha1, sha224, sha256, sha384, sha512 by length, in lower case, with a prefix such as
// `sha256:` or `SHA1=` removed.
std::optional<std::string> normalise_hash(std::string_view text);
// The same without meaningless hashes: that of the empty file, and all zeros.
std::optional<std::string> parse_hash(std::string_view text);

// A DNS name with at least two labels, in lower case, without the final dot. Empty for service
// names (`_ldap._tcp`) and addresses.
std::optional<std::string> parse_domain(std::string_view text);

// The address in `Name <user@host>`, `smtp:user@host`, `user:user@host` or `user@host`, with its
// domain in lower case.
std::optional<std::string> parse_mail(std::string_view text);

// scheme://host…; http, https, ftp and ftps. Scheme and host in lower case, the rest unchanged.
std::optional<std::string> parse_url(std::string_view text);

// Whether the value is a placeholder: `-`, `N/A`, none, null, unknown, …, empty.
bool is_placeholder(std::string_view text);

}  // namespace socbridge::observable
