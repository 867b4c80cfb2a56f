// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "http/client.h"

namespace socbridge::http {

struct StreamOptions {
  std::int64_t answer_ms = 30000;  // until the headers of the answer are there
  std::int64_t idle_ms = 30000;    // longest silence after that
  std::int64_t tick_ms = 200;      // Handler::tick comes at least this often
  int stop_fd = -1;                // readable: stop. Not read from
};

// Receives one long answer.
struct StreamHandler {
  // A part of the body of a 200 answer of the wanted type. False: end the stream.
  std::function<bool(std::string_view bytes)> bytes;
  // Between the parts, and while nothing comes. False: end the stream.
  std::function<bool()> tick;
  // The answer is what was asked for; its body follows.
  std::function<void()> opened = [] {};
};

struct StreamEnd {
  enum class Why {
    finished,  // the server ended the answer as it should
    broken,    // the connection broke, or could not be made: `outcome` says why
    silent,    // nothing came for idle_ms, or no answer within answer_ms
    refused,   // another status than 200, or another content type; `outcome` holds the answer
    stopped,   // a handler or stop_fd wanted it
  };
  Why why = Why::broken;
  Outcome outcome;
};

// A GET whose answer goes on for hours: the body is handed over as it comes and never gathered.
// Not thread-safe.
class Stream {
 public:
  explicit Stream(ClientOptions options);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // `content_type` in lower case, such as `text/event-stream`. Request::timeout_ms is not looked
  // at. An answer that is refused is read up to 64 KiB.
  StreamEnd run(const Request& request, std::string_view content_type, const StreamOptions& options,
                const StreamHandler& handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::http
