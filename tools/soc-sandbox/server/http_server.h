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
  Fault fault;  // applied while it is sent
};

struct EdgeOptions {
  std::string host;
  int port = 0;                                             // 0: any free one
  std::size_t max_json_bytes = 0, max_multipart_bytes = 0;  // longer bodies: Request::too_large
};

// HTTP/1.1 with persistent connections on cpp-httplib, which no other file includes. One thread per
// connection.
class HttpEdge {
 public:
  using Handler = std::function<Answer(const Request&)>;

  // Error (failure): the port is in use, or the address is not one of this machine.
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

// Splits and decodes the target of a request line: path, segments, query.
void read_target(const std::string& target, Request& out);
// Decodes %XX; invalid UTF-8 is repaired.
std::string percent_decode(std::string_view text);

}  // namespace socbridge::sandbox
