// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstdint>

#include "base/env.h"
#include "service/event_fd.h"

namespace socbridge::http {

// Waits with epoll for the sockets and the timer of a curl multi handle, so that the cost of a turn
// depends on its events and not on the number of requests in flight. Not thread-safe, except
// wake().
class EventLoop {
 public:
  // Sets the multi handle's callbacks. The handle must outlive this object, which must not move.
  explicit EventLoop(CURLM* multi);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  bool ok() const { return epoll_.valid() && wakeup_.fd() >= 0; }  // false: no descriptor was left

  // Runs libcurl's timer if it is due; this starts new transfers.
  void run_due();
  // Waits for sockets, the timer, wake() or the timeout, and runs what is due in libcurl.
  void wait(std::int64_t timeout_ms);
  // Ends a wait() in another thread, or the next one if none is running.
  void wake() { wakeup_.signal(); }

 private:
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  CURLM* multi_;
  Fd epoll_;
  EventFd wakeup_;
  std::int64_t due_ms_ = -1;  // monotonic; -1: no timer
};

}  // namespace socbridge::http
