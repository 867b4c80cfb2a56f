// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "http/client.h"

namespace socbridge::http {

// Collects one answer from libcurl's callbacks, up to a size limit.
class ResponseReader {
 public:
  explicit ResponseReader(std::size_t max_body) : max_body_(max_body) {}

  // One header line as received, with its line end. A status line starts a new response (1xx, proxy
  // answers).
  bool header_line(std::string_view line);
  bool body_part(std::string_view bytes);  // false: over the limit
  bool too_large() const { return too_large_; }
  // Whether the blank line after the headers was received. libcurl takes a connection that closes
  // before it as the end of a complete answer.
  bool headers_complete() const { return headers_complete_; }

  // The answer, with the members that come from headers set.
  Response take(int status, std::int64_t now_ms) &&;

 private:
  std::size_t max_body_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool headers_complete_ = false;
  Response response_;
};

// The wait of a Retry-After value (seconds or an HTTP date) in milliseconds; -1 if it is neither.
// At most a week; 0 for a date in the past.
std::int64_t parse_retry_after(std::string_view value, std::int64_t now_ms);

}  // namespace socbridge::http
