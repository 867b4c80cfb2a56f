// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "service/http_request.h"

namespace socbridge {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Bounds against slow and many clients.
struct HttpLimits {
  std::size_t connections = 32;    // more wait in the kernel's queue
  std::int64_t request_ms = 5000;  // from accept to the end of the head
  std::int64_t answer_ms = 10000;  // from there until the answer was taken
};

// A small HTTP/1.1 server for metrics and probes: GET and HEAD, one request for each connection,
// no bodies, no TLS. One thread serves all connections; the handler must answer at once, from what
// is there. What it cannot read gets 400, 408 or 431, other methods 405.
class HttpListener {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  // `address`: "127.0.0.1:9469", "[::1]:9469", "localhost:0" (any free port), ":9469" (all of
  // IPv4). Errors: usage (no such form; names are not looked up), failure (not of this machine,
  // taken).
  static Result<HttpListener> open(const std::string& address, HttpLimits limits = {});

  std::string address() const { return host_ + ":" + std::to_string(port_); }

  // Until `stop_fd` is readable. Error (failure): poll or the listening socket fails.
  Status serve(int stop_fd, const Handler& handler);

 private:
  HttpListener() = default;
  Fd socket_;
  std::string host_;
  int port_ = 0;
  HttpLimits limits_;
};

}  // namespace socbridge
