// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "soc-sandbox/server/faults.h"
#include "soc-sandbox/server/stop_signal.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

struct Answer {
  Response response;
  Fault fault;  // what is to happen while it is sent
};

struct EdgeOptions {
  std::string host;
  int port = 0;                                             // 0: any free one
  std::size_t max_json_bytes = 0, max_multipart_bytes = 0;  // longer bodies: Request::too_large
};

// HTTP/1.1 with kept-alive connections over cpp-httplib, which no other file includes. A thread for
// each connection.
class HttpEdge {
 public:
  using Handler = std::function<Answer(const Request&)>;

  // Errors: the port is taken or the address is not of this machine (failure).
  static Result<std::unique_ptr<HttpEdge>> start(const EdgeOptions& options, Handler handler,
                                                 StopSignal& stop);
  ~HttpEdge();
  int port() const;
  // Raises the signal, closes all connections, waits for all threads.
  void stop();

 private:
  struct Impl;
  explicit HttpEdge(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Splits and decodes what stands in a request line: path, segments, query.
void read_target(const std::string& target, Request& out);
// Takes %XX back; what is not valid UTF-8 is repaired.
std::string percent_decode(std::string_view text);

}  // namespace socbridge::sandbox
