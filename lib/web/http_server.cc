// SPDX-License-Identifier: Apache-2.0
#include "web/http_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "web/http_session.h"
#include "web/tls_context.h"

namespace socbridge::web {
HttpAnswer plain_answer(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text + "\n"};
}

struct HttpServer::Inside {
  // The sessions end with `io` and use `state`, so it is declared first.
  ServerState state;
  std::unique_ptr<TlsContext> tls;  // null: plain TCP
  net::io_context io{1};
  Tcp::acceptor acceptor{io};
  net::steady_timer timer{io};

  void accept() {
    acceptor.async_accept([this](ErrorCode failed, Tcp::socket socket) {
      if (state.stopping) return;
      if (failed) return pause();
      make_room();
      socket.set_option(Tcp::no_delay(true), failed);
      start(std::move(socket));
      accept();
    });
  }

  // Waits after accept() failed for lack of descriptors or memory.
  void pause() {
    constexpr std::chrono::milliseconds kPause(200);
    timer.expires_after(kPause);
    timer.async_wait([this](ErrorCode failed) {
      if (!failed && !state.stopping) accept();
    });
  }

  // Closes the session that has waited longest for its client: a deliberately slow client cannot be
  // distinguished from an idle one.
  void make_room() {
    if (state.sessions.size() < state.options.connections) return;
    Session* oldest = nullptr;
    std::size_t open = 0;
    for (Session* one : state.sessions) {
      if (one->is_closed()) continue;  // it is destroyed some turns later
      ++open;
      if (!one->wait_number()) continue;
      if (oldest == nullptr || *one->wait_number() < *oldest->wait_number()) oldest = one;
    }
    if (open >= state.options.connections && oldest != nullptr) oldest->close();
  }

  void start(Tcp::socket socket) {
    state.renew();
    std::make_shared<Session>(state, std::move(socket), tls ? &tls->current() : nullptr)->start();
  }

  void stop(std::int64_t grace_ms) {
    if (state.stopping) return;
    state.stopping = true;
    ErrorCode ignored;
    acceptor.close(ignored);
    for (Session* one : state.sessions) {
      if (one->wait_number()) one->close();
    }
    timer.expires_after(std::chrono::milliseconds(grace_ms));
    timer.async_wait([this](ErrorCode) { io.stop(); });
    finish_when_idle();
  }

  // Sessions do not report their end, so their number is polled.
  void finish_when_idle() {
    if (state.sessions.empty()) return io.stop();
    constexpr std::chrono::milliseconds kLook(20);
    auto look = std::make_shared<net::steady_timer>(io, kLook);
    look->async_wait([this, look](ErrorCode failed) {
      if (!failed) finish_when_idle();
    });
  }
};

HttpServer::HttpServer(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(Env& env, ListeningSocket socket,
                                                     ServerOptions options) {
  auto inside = std::make_unique<Inside>();
  inside->state.options = std::move(options);
  if (!inside->state.options.cert_file.empty()) {
    auto tls = TlsContext::open(env, inside->state.options);
    if (!tls.ok()) return tls.status();
    inside->tls = std::move(*tls);
  }
  const Tcp protocol = socket.is_six() ? Tcp::v6() : Tcp::v4();
  ErrorCode error;
  inside->acceptor.assign(protocol, std::move(socket).take().release(), error);
  if (error) {
    return Status::error(ExitCode::failure, "cannot use the socket: " + error.message());
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(inside)));
}

void HttpServer::serve(Screen screen, Take take) {
  inside_->state.screen = std::move(screen);
  inside_->state.take = std::move(take);
  inside_->accept();
  inside_->io.run();
}

void HttpServer::stop(std::int64_t grace_ms) {
  net::post(inside_->io, [inside = inside_.get(), grace_ms] { inside->stop(grace_ms); });
}

ServerLoad HttpServer::load() const {
  const ServerState& state = inside_->state;
  return {state.connections, state.body_bytes, state.refused};
}

}  // namespace socbridge::web
