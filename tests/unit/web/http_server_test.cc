// SPDX-License-Identifier: Apache-2.0
#include "web/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"
#include "support/fake_clock.h"
#include "support/loopback.h"
#include "support/temp_dir.h"

namespace socbridge::web {
namespace {

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
  // Until the received text contains this, or the end.
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

std::string post(const std::string& body, const std::string& more = {}) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST_CASE(
    "a CA file without a certificate is refused when client certificates are required later") {
  FakeClock clock;  // the files are read again after a second
  const test::TempDir dir;
  REQUIRE(std::system(("cd " + dir.path() +
                       " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                       "-days 2 -subj /CN=x -keyout own.key -out own.pem >/dev/null 2>&1")
                          .c_str()) == 0);
  std::vector<std::string> complaints;  // of the serving thread
  ServerOptions options;
  options.cert_file = dir / "own.pem";
  options.key_file = dir / "own.key";
  options.renew = [ca = dir.write("ca.pem", "")](ServerOptions& now) { now.client_ca_file = ca; };
  options.complain = [&](const Status& why) { complaints.push_back(why.line()); };
  Server server(std::move(options));
  clock.advance_ms(1001);
  Client client(server);
  client.ask("no TLS\r\n\r\n", "\n\n");
  server.stop();
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("ca.pem: it has no certificate") != std::string::npos);
}

TEST_CASE("unsupported Content-Encodings are not guessed") {
  Server server;
  for (const char* coding : {"gzip", "identity", "gzip, chunked", "chunked, identity"}) {
    Client client(server);
    const std::string said =
        client.ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string(coding) +
                       "\r\n\r\nPOST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                   "401");
    INFO(coding << ": " << said);
    CHECK(said.find("HTTP/1.1 501") == 0);
    CHECK(said.find("401") == std::string::npos);  // the body is not a request
  }
}

TEST_CASE("the line before a chunk has a bound") {
  Server server;
  Client client(server);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  client.send(std::string(std::size_t{1} << 20, 'x'));
  CHECK(client.read("\r\n\r\n").find("HTTP/1.1 400") == 0);
}

TEST_CASE("bodies by length and in chunks, over one connection") {
  Server server;
  Client client(server);
  CHECK(client.ask(post("12345"), "5\n").starts_with("HTTP/1.1 202 Accepted\r\n"));
  CHECK(client
            .ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n",
                 "7\n")
            .starts_with("HTTP/1.1 202 "));
  // Two at once.
  const std::string both = client.ask(post("1") + post("22"), "2\n");
  CHECK(both.find("1\n") < both.find("2\n"));
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.ask("ab", "2\n").starts_with("HTTP/1.1 202 "));
  CHECK(client.ask(post("1", "Connection: close\r\n"), "1\n").find("Connection: close") !=
        std::string::npos);
  CHECK(client.closed());
}

TEST_CASE("an invalid request gets its answer and the connection ends") {
  ServerOptions options;
  options.max_body = 100;
  Server server(options);
  const std::string long_head = "GET / HTTP/1.1\r\nX: " + std::string(9000, 'a') + "\r\n\r\n";
  for (const auto& [request, status] : std::vector<std::pair<std::string, std::string>>{
           {"hello\r\n\r\n", "400"},
           {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"},
           {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
           {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
           {"\x16\x03\x01\x02\x01\x01", "400"},
           {long_head, "431"},
           {post(std::string(101, 'a')), "413"},
           {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n70\r\n" + std::string(112, 'a'),
            "413"},
           {"POST /no HTTP/1.1\r\nContent-Length: 90\r\n\r\n" + std::string(90, 'a'), "401"},
       }) {
    CAPTURE(request.substr(0, 60));
    Client client(server);
    client.send(request);
    CHECK(client.read("\n\n").substr(0, 12) == "HTTP/1.1 " + status);
  }
  CHECK((*server).load().body_bytes == 0);
  CHECK((*server).load().refused == 8);
}

TEST_CASE("a request that never ends is over in time, and delays no other") {
  ServerOptions options;
  options.request_ms = 300;
  Server server(options);
  Client slow(server), silent(server), other(server);
  slow.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(other.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  const std::int64_t begun = steady_now_ms();
  CHECK(slow.closed());
  CHECK(steady_now_ms() - begun < 10000);
}

TEST_CASE("a further connection replaces the one that waits longest") {
  ServerOptions options;
  options.connections = 3;
  const FakeClock clock;  // all in the same millisecond, as on a quick machine
  Server server(options);
  std::vector<std::unique_ptr<Client>> clients;
  const auto connect = [&] {
    clients.push_back(std::make_unique<Client>(server));
    CHECK(clients.back()->ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  };
  for (int i = 0; i < 3; ++i) connect();
  // The connection that waits longest is at each of the three positions in memory once.
  for (const std::size_t next : {1U, 0U, 2U}) {
    for (const std::size_t other : {0U, 1U, 2U}) {
      if (other == next) continue;
      CHECK(clients[other]->ask(post("22"), "2\n").starts_with("HTTP/1.1 202 "));
    }
    Client further(server);
    CHECK(further.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
    CHECK(clients[next]->closed());
    std::swap(*clients[next], further);
  }
}

TEST_CASE("clients that send many requests at once and read nothing get no more connections") {
  ServerOptions options;
  options.connections = 4;
  Server server(options);
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::unique_ptr<Client>> clients;
  std::uint64_t most = 0;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<Client>(server));
    clients.back()->send(requests);
    most = std::max(most, (*server).load().connections);
  }
  Client last(server);
  CHECK(last.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  most = std::max(most, (*server).load().connections);
  CHECK(most <= options.connections + 4);  // closed ones that are not removed yet
}

TEST_CASE("bodies share a bounded memory") {
  ServerOptions options;
  options.max_memory = 100;
  options.max_body = 80;
  Server server(options);
  Client first(server), second(server);
  first.send("POST / HTTP/1.1\r\nContent-Length: 70\r\n\r\nabc");
  while ((*server).load().body_bytes == 0) std::this_thread::yield();
  CHECK(second.ask(post(std::string(40, 'a')), "\n\n").starts_with("HTTP/1.1 503 "));
  Client third(server);
  CHECK(third.ask(post(std::string(30, 'a')), "30\n").starts_with("HTTP/1.1 202 "));
}

TEST_CASE("begun requests are answered before the end") {
  Server server;
  Client client(server), idle(server);
  client.send(post("hold"));
  while ((*server).load().body_bytes == 0) std::this_thread::yield();
  std::thread later([&server] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    server.release();
  });
  server.stop();
  later.join();
  CHECK(client.read("late\n").starts_with("HTTP/1.1 202 "));
  CHECK(idle.closed());
}

TEST_CASE("files without a certificate") {
  auto socket = ListeningSocket::open("127.0.0.1:0");
  ServerOptions options;
  options.cert_file = options.key_file = "/nowhere";
  const auto opened = HttpServer::open(Env::real(), std::move(*socket), options);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.status().code() == ExitCode::usage);
  CHECK(opened.status().line().find("/nowhere") != std::string::npos);
}

}  // namespace
}  // namespace socbridge::web
