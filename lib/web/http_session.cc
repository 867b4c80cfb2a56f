// SPDX-License-Identifier: Apache-2.0
#include "web/http_session.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <utility>

#include "base/secret.h"

namespace socbridge::web {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string reason(int status) {
  return std::string(http::obsolete_reason(static_cast<http::status>(status)));
}

std::string head_of(const HttpAnswer& answer, const ServerOptions& options, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " " + reason(answer.status);
  const auto add = [&head](const std::string& name, const std::string& value) {
    head += "\r\n" + name + ": " + value;
  };
  add("Content-Type", answer.content_type);
  const std::string sniffing = "X-Content-Type-Options";
  const auto is_sniffing = [&](const auto& header) { return header.first == sniffing; };
  if (std::none_of(options.headers.begin(), options.headers.end(), is_sniffing)) {
    add(sniffing, "nosniff");
  }
  for (const auto& [name, value] : options.headers) add(name, value);
  if (answer.status == 401) add("WWW-Authenticate", options.challenge);
  if (answer.status == 405) add("Allow", options.methods);
  if (answer.status == 429 || answer.status == 503) add("Retry-After", "5");
  if (!keep_alive) add("Connection", "close");
  add("Content-Length", std::to_string(answer.body.size()));
  return head + "\r\n\r\n";
}

// A connection may last for hours, so the login is wiped early.
void wipe_login(RequestHead& head) {
  secure_wipe(head.authorization.data(), head.authorization.size());
  head.authorization.clear();
}

}  // namespace

Session::Session(ServerState& state, Tcp::socket socket, net::ssl::context* tls)
    : state_(state),
      connection_(std::move(socket), tls),
      timer_(connection_.socket().get_executor()) {
  state_.sessions.insert(this);
  ++state_.connections;
}

Session::~Session() {
  release();
  state_.sessions.erase(this);
  --state_.connections;
}

void Session::start() {
  wait_for_client();
  expire_after(state_.options.request_ms);
  connection_.handshake([self = shared_from_this()](ErrorCode failed, std::size_t) {
    if (!failed) self->await_request();
  });
}

// The time limit of a request starts with its first byte.
void Session::await_request() {
  if (state_.stopping) return finish();
  wait_for_client();
  parser_.emplace();
  parser_->header_limit(kHeadBytes);
  parser_->body_limit(state_.options.max_body);
  close_after_ = keep_alive_ = head_only_ = in_body_ = false;
  if (input_.size() > 0) return read_head();
  expire_after(state_.options.idle_ms);
  connection_.read_some(input_.prepare(4096),
                        [self = shared_from_this()](ErrorCode failed, std::size_t got) {
                          if (failed) return;
                          self->input_.commit(got);
                          self->wait_for_client();
                          self->read_head();
                        });
}

void Session::read_head() {
  expire_after(state_.options.request_ms);
  parse();
}

void Session::parse() {
  while (!(in_body_ ? parser_->is_done() : parser_->is_header_done())) {
    ErrorCode wrong = http::error::need_more;
    if (input_.size() > 0) input_.consume(parser_->put(input_.data(), wrong));
    if (wrong == http::error::need_more) return read_more();
    if (wrong) return refuse_input(wrong);
  }
  in_body_ ? body_read() : head_read();
}

void Session::read_more() {
  const std::size_t room = beast::read_size(input_, 65536);
  if (room == 0) return refuse_input(http::error::buffer_overflow);
  connection_.read_some(input_.prepare(room),
                        [self = shared_from_this()](ErrorCode failed, std::size_t got) {
                          if (failed) return;  // the client closed, or its time is over
                          self->input_.commit(got);
                          self->parse();
                        });
}

void Session::refuse_input(ErrorCode wrong) {
  if (wrong == http::error::header_limit) return refuse(431);
  refuse(wrong == http::error::body_limit ? 413 : 400);
}

void Session::refuse(int status) {
  ++state_.refused;
  close_after_ = true;
  respond(plain_answer(status, reason(status)));
}

void Session::head_read() {
  const auto& head = parser_->get();
  keep_alive_ = parser_->keep_alive();
  head_only_ = head.method() == http::verb::head;
  const std::string target(head.target());
  request_ = {std::string(head.method_string()), target.substr(0, target.find_first_of("?#")),
              std::string(head[http::field::authorization]),
              std::string(head[http::field::accept])};
  state_.renew();
  // Other encodings are not decoded, and the end of such a body is not known.
  if (!head[http::field::transfer_encoding].empty() &&
      !beast::iequals(head[http::field::transfer_encoding], "chunked")) {
    return refuse(501);
  }
  if (auto answer = state_.screen(request_)) {
    wipe_login(request_);
    close_after_ = !parser_->is_done();
    return respond(std::move(*answer));
  }
  const auto length = parser_->content_length();
  if (!reserve(length ? *length : state_.options.max_body)) return refuse(503);
  if (beast::iequals(head[http::field::expect], "100-continue")) return go_on();
  read_body();
}

void Session::go_on() {
  static const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  connection_.write(net::buffer(kContinue),
                    [self = shared_from_this()](ErrorCode failed, std::size_t) {
                      if (!failed) self->read_body();
                    });
}

void Session::read_body() {
  in_body_ = true;
  parser_->eager(true);
  parse();
}

void Session::body_read() {
  wait_for_handler();
  never_expire();
  RequestHead head = std::exchange(request_, {});
  // The session must end in the server's thread: the answering thread keeps no reference to it.
  state_.take(head, std::move(parser_->get().body()),
              [self = shared_from_this(),
               executor = connection_.socket().get_executor()](HttpAnswer answer) mutable {
                net::post(executor, [self = std::move(self), answer = std::move(answer)]() mutable {
                  self->respond(std::move(answer));
                });
              });
  wipe_login(head);
}

void Session::respond(HttpAnswer answer) {
  release();
  wait_for_client();  // for the client to read the answer
  keep_alive_ = keep_alive_ && !close_after_ && !state_.stopping;
  output_ = head_of(answer, state_.options, keep_alive_);
  if (!head_only_) output_ += answer.body;
  expire_after(kAnswerMs);
  connection_.write(net::buffer(output_),
                    [self = shared_from_this()](ErrorCode failed, std::size_t) {
                      if (failed) return;
                      self->keep_alive_ ? self->await_request() : self->finish();
                    });
}

// If the connection were closed at once, a client that is still sending would lose the answer.
void Session::finish() {
  expire_after(kLingerMs);
  connection_.end_tls([self = shared_from_this()](ErrorCode, std::size_t) {
    ErrorCode ignored;
    self->connection_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    self->drain();
  });
}

void Session::drain() {
  input_.clear();
  connection_.read_raw(input_.prepare(4096),
                       [self = shared_from_this()](ErrorCode failed, std::size_t) {
                         if (!failed) self->drain();
                       });
}

bool Session::reserve(std::uint64_t bytes) {
  if (state_.body_bytes + bytes > state_.options.max_memory) return false;
  state_.body_bytes += bytes;
  reserved_ = bytes;
  return true;
}

void Session::release() {
  state_.body_bytes -= reserved_;
  reserved_ = 0;
}

void Session::close() {
  is_closed_ = true;
  connection_.close();
}

void Session::wait_for_client() { wait_number_ = state_.waits++; }

void Session::wait_for_handler() { wait_number_.reset(); }

void Session::expire_after(std::int64_t ms) {
  timer_.expires_after(std::chrono::milliseconds(ms));
  timer_.async_wait([weak = weak_from_this()](ErrorCode cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    // The timer may have been set again while this call was queued.
    if (self->timer_.expiry() <= net::steady_timer::clock_type::now()) self->close();
  });
}

void Session::never_expire() { timer_.expires_at(net::steady_timer::time_point::max()); }

}  // namespace socbridge::web
