// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge::http {

// The parts of a URL that decide where a request goes. `host` is as spelled, an IPv6 address in
// brackets; `tail` is everything from the path on.
struct UrlParts {
  bool https = false;
  std::string host;
  std::uint16_t port = 0;  // the scheme's default if the URL has none
  bool explicit_port = false;
  std::string_view tail;

  std::string host_port() const;  // "thehive.example:9000", for people
  bool is_numeric() const;        // the host is an IP address: no lookup needed
};

// Strict: http or https, an ASCII host, no user information, no blanks or control characters.
// Errors (usage) repeat nothing that could be a password. `tail` is a view into `url`.
Result<UrlParts> parse_url(std::string_view url);

}  // namespace socbridge::http
