// SPDX-License-Identifier: Apache-2.0
#include "web/connection.h"

#include <boost/asio/write.hpp>
#include <utility>

namespace socbridge::web {

Connection::Connection(Tcp::socket socket, net::ssl::context* tls) : socket_(std::move(socket)) {
  if (tls != nullptr) tls_.emplace(socket_, *tls);
}

void Connection::handshake(Done done) {
  if (!tls_) return done({}, 0);
  tls_->async_handshake(net::ssl::stream_base::server,
                        [done = std::move(done)](ErrorCode failed) { done(failed, 0); });
}

void Connection::end_tls(Done done) {
  if (!tls_) return done({}, 0);
  tls_->async_shutdown([done = std::move(done)](ErrorCode failed) { done(failed, 0); });
}

void Connection::read_some(net::mutable_buffer into, Done done) {
  if (!tls_) return read_raw(into, std::move(done));
  tls_->async_read_some(net::mutable_buffers_1(into), std::move(done));
}

void Connection::write(net::const_buffer all, Done done) {
  const net::const_buffers_1 buffers(all);
  if (tls_) {
    net::async_write(*tls_, buffers, std::move(done));
  } else {
    net::async_write(socket_, buffers, std::move(done));
  }
}

void Connection::read_raw(net::mutable_buffer into, Done done) {
  socket_.async_read_some(net::mutable_buffers_1(into), std::move(done));
}

void Connection::close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

}  // namespace socbridge::web
