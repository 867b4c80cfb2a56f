// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "soc-sandbox/server/faults.h"
#include "soc-sandbox/server/stop_signal.h"

namespace socbridge::sandbox {

// One accepted TCP connection with buffers in both directions. An answer is collected completely,
// so that it is sent in one segment and a fault can be applied to its bytes. Every wait ends when
// the server stops.
class Connection {
 public:
  // Owns the socket.
  Connection(int socket, const StopSignal& stop);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // True if a byte can be read within the time.
  bool wait_readable(std::int64_t ms);
  // Reads up to `size` bytes; 0 at the end, -1 on error, stop or after kIdleMs. Collected bytes are
  // sent first: the client may wait for `100 Continue`.
  std::ptrdiff_t read(char* out, std::size_t size);
  void write(const char* bytes, std::size_t size) { out_.append(bytes, size); }

  // Sends the collected bytes, with the fault applied. False if the connection cannot be used
  // further.
  bool deliver(const Fault& fault);

  // For streams: sends the bytes at once, waiting if necessary. False if the connection cannot be
  // used further.
  bool send_now(std::string_view bytes) { return send_all(bytes.data(), bytes.size()); }
  bool pause_ms(std::int64_t ms) const;
  void forget_gathered() { out_.clear(); }
  void reset();  // the connection will be reset on close

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
