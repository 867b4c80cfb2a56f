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

// Only for this folder: Asio's headers take long to compile.
namespace socbridge::web {

namespace net = boost::asio;
using Tcp = net::ip::tcp;
using ErrorCode = boost::system::error_code;

// The socket of one session, with or without TLS. Asio's operations are templates that take long to
// compile; here each is compiled once. One operation at a time: its end is reported by one call of
// `done` in the thread of the server, with the number of bytes, and with an error after close() and
// when the server ends. `done` keeps this object and what the buffer refers to.
class Connection {
 public:
  using Done = std::function<void(ErrorCode failed, std::size_t bytes)>;
  // `tls`: null: without.
  Connection(Tcp::socket socket, net::ssl::context* tls);

  // Without TLS the first and the last call `done` before they return.
  void handshake(Done done);
  void end_tls(Done done);
  void read_some(net::mutable_buffer into, Done done);
  void write(net::const_buffer all, Done done);
  // What comes is not decrypted.
  void read_raw(net::mutable_buffer into, Done done);
  void close();

  Tcp::socket& socket() { return socket_; }

 private:
  Tcp::socket socket_;
  std::optional<net::ssl::stream<Tcp::socket&>> tls_;
};

}  // namespace socbridge::web
