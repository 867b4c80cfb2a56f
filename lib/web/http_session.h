// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "web/connection.h"
#include "web/http_server.h"

// Only for http_server.cc: Beast's headers are slow to compile.
namespace socbridge::web {

class Session;

// State shared by all sessions of a server. For its thread only, except the three numbers.
struct ServerState {
  ServerOptions options;
  HttpServer::Screen screen;
  HttpServer::Take take;
  bool stopping = false;
  std::set<Session*> sessions;
  std::uint64_t waits = 0;  // counts how often a session began to wait for its client
  void renew() {
    if (options.renew) options.renew(options);
  }
  std::atomic<std::uint64_t> connections = 0, body_bytes = 0, refused = 0;
};

// One connection and its successive requests. Pending operations keep it alive.
class Session : public std::enable_shared_from_this<Session> {
 public:
  // `tls`: null for plain TCP. `state` must outlive it.
  Session(ServerState& state, Tcp::socket socket, net::ssl::context* tls);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  // Closes the socket. Pending operations still complete, soon.
  void close();
  bool is_closed() const { return is_closed_; }
  // Order in which sessions began to wait for their client: the lowest has waited longest. Empty
  // while a request is processed.
  std::optional<std::uint64_t> wait_number() const { return wait_number_; }

 private:
  static constexpr std::int64_t kAnswerMs = 10000;
  static constexpr std::int64_t kLingerMs = 2000;
  static constexpr std::uint32_t kHeadBytes = 8192;
  // Also limits the line before a chunk, which may have any length.
  static constexpr std::size_t kMostInput = std::size_t{128} << 10;

  void await_request();
  void read_head();
  void parse();
  void read_more();
  void refuse_input(ErrorCode wrong);
  void refuse(int status);  // and closes the connection
  void head_read();
  void go_on();
  void read_body();
  void body_read();
  void respond(HttpAnswer answer);
  void finish();
  void drain();
  // Reserves memory for the body; false if there is not enough left.
  bool reserve(std::uint64_t bytes);
  void release();
  void wait_for_client();
  void wait_for_handler();
  // Calls close() after `ms`; replaces the previous timeout.
  void expire_after(std::int64_t ms);
  void never_expire();

  ServerState& state_;
  Connection connection_;
  net::steady_timer timer_;
  boost::beast::flat_buffer input_{kMostInput};
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  RequestHead request_;
  std::string output_;
  std::uint64_t reserved_ = 0;
  std::optional<std::uint64_t> wait_number_;
  bool keep_alive_ = false, close_after_ = false, head_only_ = false, in_body_ = false;
  bool is_closed_ = false;
};

}  // namespace socbridge::web
