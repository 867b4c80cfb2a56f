// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::mapping {

struct Part {
  std::string_view type;  // type to try, as for classify()
  std::string text;
  bool guessed_scheme = false;  // the URL's scheme is http for want of a better one
};

// The address or name before a port that stands as `ip#53`, `ip(22)` or `ip/443`, of which the
// number is no length of a network; empty if there is no such port. It is not checked.
std::string_view before_port(std::string_view text);

// Whether it is a host that has a public name, or an address, and a path, without a scheme.
bool lacks_scheme(std::string_view text);

// Whether it has one of the marks of defanging, such as `hxxp` and `[.]`.
bool is_defanged(std::string_view text);

// The values that one field holds, in order: lists, `ip:port:zone:name`, `user@host`, ARNs, quoted
// command lines, Defender's `file:_PATH; webfile:_PATH|URL|pid:…`, `filename|hash`, request lines,
// a URL in a field for files and a path in one for URLs. Nothing is invented: each part is in the
// text, but for a scheme and for what taking off defanging marks, escapes and zeros leaves. A text
// that is one value, or that is not understood, is one part with the type that was given. At most
// 1000.
std::vector<Part> parts_of(std::string_view type, std::string_view text);

// Whether it is sure at first sight that parts_of() gives the text back as it is, with its type.
bool is_one_part(std::string_view type, std::string_view text);

}  // namespace socbridge::mapping
