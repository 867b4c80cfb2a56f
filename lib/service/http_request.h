// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace socbridge {

// The head of a request to a server of ours (RFC 9112), as far as it is read.
struct HttpRequest {
  std::string method;  // upper-case letters, at most 16
  std::string path;    // begins with '/', without query, as sent (not decoded)
  std::string accept;  // several fields are joined by ", "
};

enum class HttpParse { incomplete, complete, bad, too_large };

inline constexpr std::size_t kMaxRequestBytes = 8192;  // of a head

// Reads a head from the first bytes of a connection. complete: `out` is filled. incomplete: more
// bytes are needed. bad: no HTTP/1.0 or 1.1, a target that is no path, a folded or broken field, a
// control character. too_large: no end within kMaxRequestBytes. What follows the head is ignored.
HttpParse parse_http_request(std::string_view bytes, HttpRequest& out);

// How much an Accept header wants a media type, in thousandths (RFC 9110, 12.5.1); 0: not at all,
// or not named. `version`: a parameter "version" must be this one, if it is there.
int accept_quality(std::string_view accept, std::string_view type, std::string_view version = {});

}  // namespace socbridge
