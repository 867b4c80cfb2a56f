// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

struct Part {
  std::string_view type;  // type to try, as for classify()
  std::string text;
  bool guessed_scheme = false;  // the URL had no scheme; http is assumed
};

// The address or name before a port in `ip#53`, `ip(22)` or `ip/443`, if the number cannot be a
// prefix length; empty if there is no such port. The result is not validated.
std::string_view before_port(std::string_view text);

// Whether the text is a public host name or an address, followed by a path, without a scheme.
bool lacks_scheme(std::string_view text);

// Whether the text has a sign of defanging, such as `hxxp` and `[.]`.
bool is_defanged(std::string_view text);

// The values in one field, in order: lists, `ip:port:zone:name`, `user@host`, ARNs, quoted command
// lines, Defender's `file:_PATH; webfile:_PATH|URL|pid:…`, `filename|hash`, request lines, a URL in
// a field for files and a path in one for URLs. Each part is taken from the text; only a scheme may
// be added, and defanging, escapes and leading zeros are removed. A text that is one value, or of
// no known form, is one part with the given type. At most 1000 parts.
std::vector<Part> parts_of(std::string_view type, std::string_view text);

// A cheap test: true if parts_of() is sure to return the text unchanged, with its type.
bool is_one_part(std::string_view type, std::string_view text);

}  // namespace socbridge::mapping
