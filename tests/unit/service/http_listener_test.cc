// SPDX-License-Identifier: Apache-2.0
#include "service/http_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "service/event_fd.h"

namespace socbridge {
namespace {

// A listener with its thread, for the life of a test.
class Server {
 public:
  explicit Server(HttpLimits limits = {}, std::string body = "hello\n") {
    auto opened = HttpListener::open("127.0.0.1:0", limits);
    REQUIRE(opened.ok());
    address_ = opened->address();
    thread_ = std::thread([this, body, listener = std::move(*opened)]() mutable {
      status_ = listener.serve(stop_.fd(), [&](const HttpRequest& request) {
        return HttpAnswer{request.path == "/there" ? 200 : 404, "text/plain", body};
      });
    });
  }
  ~Server() {
    stop_.signal();
    thread_.join();
    CHECK(status_.ok());
  }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(*parse_u64(address_.substr(address_.find(':') + 1)));
  }

 private:
  EventFd stop_;
  std::string address_;
  Status status_;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(const Server& server) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    const timeval limit{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  void send(std::string_view bytes) {
    REQUIRE(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  std::string read_all() {
    std::string out;
    char buffer[65536];
    for (ssize_t got = 0; (got = ::recv(fd_.get(), buffer, sizeof buffer, 0)) > 0;) {
      out.append(buffer, static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  Fd fd_;
};

std::string ask(const Server& server, std::string_view bytes) {
  Client client(server);
  client.send(bytes);
  return client.read_all();
}

}  // namespace

TEST_CASE("a page is served, and its head alone") {
  const Server server;
  const std::string whole = ask(server, "GET /there HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(whole.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n"));
  CHECK(whole.ends_with("Connection: close\r\nX-Content-Type-Options: nosniff\r\n\r\nhello\n"));
  const std::string head = ask(server, "HEAD /there HTTP/1.1\r\n\r\n");
  CHECK(head + "hello\n" == whole);
  CHECK(ask(server, "GET /else HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404 Not Found\r\n"));
}

TEST_CASE("what is no request of ours is refused") {
  const Server server;
  const std::string post = ask(server, "POST /there HTTP/1.1\r\n\r\n");
  CHECK(post.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  CHECK(post.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  CHECK(ask(server, "\x16\x03\x01 TLS\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
  const std::string endless = ask(server, "GET / HTTP/1.1\r\nA: " + std::string(9000, 'x'));
  CHECK((endless.empty() || endless.starts_with("HTTP/1.1 431 ")));  // or the rest resets it
}

TEST_CASE("a slow client is given up, and others do not wait for it") {
  HttpLimits limits;
  limits.request_ms = 300;
  const Server server(limits);
  Client slow(server);
  slow.send("GET /there HT");
  const std::int64_t started = steady_now_ms();
  CHECK(ask(server, "GET /there HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
  CHECK(steady_now_ms() - started < 250);
  CHECK(slow.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
  CHECK(steady_now_ms() - started >= 250);
}

TEST_CASE("more clients than there is room for wait and are served") {
  HttpLimits limits;
  limits.connections = 2;
  limits.request_ms = 300;
  const Server server(limits);
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 5; ++i) silent.push_back(std::make_unique<Client>(server));
  CHECK(ask(server, "GET /there HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("a large answer arrives whole while another client takes none of its own") {
  constexpr std::size_t kLarge = std::size_t{16} << 20;
  HttpLimits limits;
  limits.answer_ms = 5000;
  const Server server(limits, std::string(kLarge, 'x'));
  Client idle(server);
  idle.send("GET /there HTTP/1.1\r\n\r\n");
  const std::string got = ask(server, "GET /there HTTP/1.1\r\n\r\n");
  CHECK(got.size() > kLarge);
}

TEST_CASE("addresses") {
  for (const char* wrong : {"", "9469", "host:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                            "[::1:1", "::1:1", "127.0.0.1:-1", "http://127.0.0.1:1"}) {
    CAPTURE(wrong);
    CHECK(HttpListener::open(wrong).status().code() == ExitCode::usage);
  }
  CHECK(HttpListener::open("192.0.2.1:0").status().code() == ExitCode::failure);
  const auto first = HttpListener::open("localhost:0");
  REQUIRE(first.ok());
  CHECK(first->address().starts_with("127.0.0.1:"));
  const auto taken = HttpListener::open(first->address());
  CHECK(taken.status().code() == ExitCode::failure);
  CHECK(taken.status().message().find(first->address()) != std::string::npos);
}

}  // namespace socbridge
