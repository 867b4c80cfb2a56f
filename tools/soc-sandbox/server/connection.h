// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "soc-sandbox/server/faults.h"
#include "soc-sandbox/server/stop_signal.h"

namespace socbridge::sandbox {

// One accepted TCP connection with buffers on both sides. An answer is gathered whole, so that it
// leaves in one segment and a fault can be done to its bytes. Every wait ends when the server
// stops.
class Connection {
 public:
  // Owns the socket.
  Connection(int socket, const StopSignal& stop);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // True if a byte can be read before the time is over.
  bool wait_readable(std::int64_t ms);
  // Up to `size` bytes; 0 at the end, -1 on error, stop or after kIdleMs. What is gathered is sent
  // first: the other side may be waiting for `100 Continue`.
  std::ptrdiff_t read(char* out, std::size_t size);
  void write(const char* bytes, std::size_t size) { out_.append(bytes, size); }

  // Sends what is gathered, as the fault says. False if the connection is of no more use.
  bool deliver(const Fault& fault);

  // For streams: sends at once what is given, or waits. False if the connection is of no more use.
  bool send_now(std::string_view bytes) { return send_all(bytes.data(), bytes.size()); }
  bool pause_ms(std::int64_t ms) const;
  void forget_gathered() { out_.clear(); }
  void reset();  // closing it will reset it

  int socket() const { return socket_; }

  static constexpr std::int64_t kIdleMs = 60000;

 private:
  bool wait(short events, std::int64_t ms) const;
  bool send_all(const char* bytes, std::size_t size);
  bool send_slowly(std::int64_t bytes_per_second);
  void wait_for_peer_to_leave() const;

  int socket_;
  const StopSignal& stop_;
  std::string in_, out_;
  std::size_t next_ = 0;  // first byte of in_ not yet read
};

}  // namespace socbridge::sandbox
