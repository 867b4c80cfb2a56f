// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <optional>

// Only for this folder: Asio's headers are slow to compile.
namespace socbridge::web {

namespace net = boost::asio;
using Tcp = net::ip::tcp;
using ErrorCode = boost::system::error_code;

// The socket of one session, with or without TLS. Asio's operations are templates that are slow to
// compile; here each is compiled once. One operation at a time. Its end is reported by one call of
// `done` in the server's thread, with the number of bytes, or with an error after close() and when
// the server ends. `done` must keep this object and the buffer alive.
class Connection {
 public:
  using Done = std::function<void(ErrorCode failed, std::size_t bytes)>;
  // `tls`: null for plain TCP.
  Connection(Tcp::socket socket, net::ssl::context* tls);

  // Without TLS, handshake() and end_tls() call `done` before they return.
  void handshake(Done done);
  void end_tls(Done done);
  void read_some(net::mutable_buffer into, Done done);
  void write(net::const_buffer all, Done done);
  // Reads bytes without decrypting them.
  void read_raw(net::mutable_buffer into, Done done);
  void close();

  Tcp::socket& socket() { return socket_; }

 private:
  Tcp::socket socket_;
  std::optional<net::ssl::stream<Tcp::socket&>> tls_;
};

}  // namespace socbridge::web
