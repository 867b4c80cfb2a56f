// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "http/client.h"

namespace socbridge::http {

// Any number of requests in flight on one thread, over kept-alive connections. Each ends with the
// Outcome that Client::perform() would return, within its own timeout; a POST or PATCH is never
// resent. Not thread-safe, except wake(). The caller must ignore SIGPIPE (TLS writes).
class MultiClient {
 public:
  using Ticket = std::uint64_t;  // identifies one request; never reused

  // One finished request; wait() returns them in the order of their ends.
  struct Done {
    Ticket ticket = 0;
    Outcome outcome;
  };

  // At most `max_connections` are open at once. Requests beyond that wait; this counts against
  // their timeouts. Errors: libcurl cannot be initialised, or no descriptor is left.
  static Result<MultiClient> make(std::size_t max_connections);
  MultiClient(MultiClient&&) noexcept;
  MultiClient& operator=(MultiClient&&) noexcept;
  ~MultiClient();  // aborts the requests in flight

  // How to send some requests. Requests share a connection only if their options agree in all that
  // matters for TLS and the proxy.
  using Options = std::shared_ptr<const struct SharedOptions>;
  static Options share(ClientOptions options);

  // Queues a request; wait() sends it. If it cannot be sent, it ends with the next wait().
  Ticket start(Request request, Options options);

  // Waits until a request has ended, wake() was called or the timeout is over, or shorter, and
  // returns the finished requests. 0 only polls.
  std::vector<Done> wait(std::int64_t timeout_ms);

  // Ends a request as if its timeout were over now. An unknown ticket gives an Outcome with
  // FailureKind::connect.
  Outcome give_up(Ticket ticket);

  std::size_t in_flight() const;

  // Ends a wait() in another thread, or the next one if none is running.
  void wake();

 private:
  struct Impl;
  explicit MultiClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::http
