// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "http/client.h"

namespace socbridge::http {

struct StreamOptions {
  std::int64_t answer_ms = 30000;  // until the headers of the answer are complete
  std::int64_t idle_ms = 30000;    // longest silence after that
  std::int64_t tick_ms = 200;      // Handler::tick is called at least this often
  int stop_fd = -1;                // if readable: stop. Not read from
};

// Receives one long answer.
struct StreamHandler {
  // A part of the body of a 200 answer of the requested type. False: end the stream.
  std::function<bool(std::string_view bytes)> bytes;
  // Called between parts and while idle. False: end the stream.
  std::function<bool()> tick;
  // The answer has the requested type; its body follows.
  std::function<void()> opened = [] {};
};

struct StreamEnd {
  enum class Why {
    finished,  // the server ended the answer properly
    broken,    // the connection broke or failed: `outcome` has the reason
    silent,    // no bytes for idle_ms, or no answer within answer_ms
    refused,   // a status other than 200, or another content type; `outcome` has the answer
    stopped,   // requested by a handler or stop_fd
  };
  Why why = Why::broken;
  Outcome outcome;
};

// A GET whose answer may go on for hours: the body is passed on in parts and not stored. Not
// thread-safe.
class Stream {
 public:
  explicit Stream(ClientOptions options);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // `content_type` in lower case, such as `text/event-stream`. Request::timeout_ms is ignored. At
  // most 64 KiB of a refused answer are read.
  StreamEnd run(const Request& request, std::string_view content_type, const StreamOptions& options,
                const StreamHandler& handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::http
