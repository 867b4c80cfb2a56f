// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "http/client.h"

namespace socbridge::http {

// Any number of requests in flight on one thread, over kept-alive connections. Each ends with the
// Outcome that Client::perform() would give: at its own time-out at the latest, and a POST or PATCH
// is sent once only, whatever becomes of the connection. Not thread-safe but for wake(). The
// caller ignores SIGPIPE (TLS writes).
class MultiClient {
 public:
  using Ticket = std::uint64_t;  // names one request; never used twice

  // One answer, in the order in which they came.
  struct Done {
    Ticket ticket = 0;
    Outcome outcome;
  };

  // At most `max_connections` are open at once; requests beyond that wait, which counts against
  // their time-outs. Errors: libcurl cannot be set up, or no descriptor
  // is left.
  static Result<MultiClient> make(std::size_t max_connections);
  MultiClient(MultiClient&&) noexcept;
  MultiClient& operator=(MultiClient&&) noexcept;
  ~MultiClient();  // gives up what is in flight

  // How some requests are to be sent. Connections are only shared by requests whose options agree
  // in all that matters for TLS and the proxy.
  using Options = std::shared_ptr<const struct SharedOptions>;
  static Options share(ClientOptions options);

  // Takes a request; the sending is done by wait(). What cannot be sent ends with the next wait().
  Ticket start(Request request, Options options);

  // Waits until a request has ended, wake() was called or the time is over (it may also come back
  // earlier), and gives what has ended. 0 only looks.
  std::vector<Done> wait(std::int64_t timeout_ms);

  // Ends a request that has not ended: as if its time were over now. Unknown tickets: an Outcome
  // of FailureKind::connect.
  Outcome give_up(Ticket ticket);

  std::size_t in_flight() const;

  // Ends a wait() in another thread, or the next one.
  void wake();

 private:
  struct Impl;
  explicit MultiClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::http
