// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/text.h"
#include "support/loopback.h"
#include "web/http_server.h"

namespace socbridge::web::test {

// Answers with the length of the body; /no is refused by its head, /long has a long answer.
class Server {
 public:
  explicit Server(ServerOptions options = {}) {
    auto socket = ListeningSocket::open("127.0.0.1:0");
    REQUIRE(socket.ok());
    address_ = socket->address();
    auto opened = HttpServer::open(Env::real(), std::move(*socket), std::move(options));
    REQUIRE(opened.ok());
    server_ = std::move(*opened);
    thread_ = std::thread([this] {
      server_->serve(
          [](const RequestHead& head) -> std::optional<HttpAnswer> {
            if (head.path == "/long") return HttpAnswer{200, "text/plain", std::string(20000, 'x')};
            if (head.path == "/no") return HttpAnswer{401, "text/plain", "no\n"};
            return {};
          },
          [this](const RequestHead&, std::string body, HttpServer::Respond respond) {
            if (body == "hold") {
              const std::lock_guard lock(mutex_);
              held_ = std::move(respond);
              is_held_.notify_all();
            } else {
              respond({202, "text/plain", std::to_string(body.size()) + "\n"});
            }
          });
    });
  }
  ~Server() {
    if (thread_.joinable()) stop();
  }
  void stop(std::int64_t grace_ms = 5000) {
    server_->stop(grace_ms);
    thread_.join();
  }
  void release() {
    std::unique_lock lock(mutex_);
    is_held_.wait(lock, [this] { return held_ != nullptr; });
    const auto respond = std::exchange(held_, {});
    lock.unlock();
    respond({202, "text/plain", "late\n"});
  }
  HttpServer& operator*() { return *server_; }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(*parse_u64(address_.substr(address_.find(':') + 1)));
  }

 private:
  std::string address_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable is_held_;
  HttpServer::Respond held_;  // under mutex_
};

class Client {
 public:
  explicit Client(const Server& server) : fd_(connect_loopback(server.port())) {
    REQUIRE(fd_.get() >= 0);
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return;  // the server has closed
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Until this is in what came, or the end.
  std::string read(std::string_view wanted) {
    std::string all;
    char buffer[4096];
    while (all.find(wanted) == std::string::npos) {
      const ssize_t got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
      if (got <= 0) break;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }
  bool closed() {
    char byte = 0;
    const ssize_t got = ::recv(fd_.get(), &byte, 1, 0);
    return got == 0 || (got < 0 && errno != EAGAIN);  // that is the end of the 20 s
  }
  std::string ask(std::string_view bytes, std::string_view wanted) {
    send(bytes);
    return read(wanted);
  }

 private:
  Fd fd_;
};

inline std::string post(const std::string& body, const std::string& more = {}) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace socbridge::web::test
