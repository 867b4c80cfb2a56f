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

// The values that one field holds, in order: lists, `ip:port:zone:name`, `user@host`, ARNs, quoted
// command lines, Defender's `file:_PATH; webfile:_PATH|URL|pid:…`, `filename|hash`, request lines,
// a URL in a field for files and a path in one for URLs. Nothing is invented: each part is in the
// text, but for a scheme and for what taking off defanging marks, escapes and zeros leaves. A text
// that is one value, or that is not understood, is one part with the type that was given. At most
// 1000.
std::vector<Part> parts_of(std::string_view type, std::string_view text);

}  // namespace socbridge::mapping
