// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstdint>

#include "base/env.h"
#include "service/event_fd.h"

namespace socbridge::http {

// Waits for the sockets and the timer of one curl multi handle with epoll, so that a turn costs
// what happened in it and not what is in flight. Not thread-safe but for wake().
class EventLoop {
 public:
  // Sets the multi handle's callbacks; it must outlive this, and this keeps its place.
  explicit EventLoop(CURLM* multi);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  bool ok() const { return epoll_.valid() && wakeup_.fd() >= 0; }  // else no descriptor was left

  // Lets libcurl do what its timer is due for; new transfers begin here.
  void run_due();
  // Waits for sockets, the timer, wake() or the end of the time, and lets libcurl do what is due.
  void wait(std::int64_t timeout_ms);
  // Ends a wait() in another thread, or the next one.
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
