// SPDX-License-Identifier: Apache-2.0
#include "web/page_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "support/loopback.h"
#include "support/temp_dir.h"

namespace socbridge::web {
namespace {

class Server {
 public:
  explicit Server(PageServerOptions options = {}, const std::string& body = "hello\n") {
    options.address = "127.0.0.1:0";
    auto opened = PageServer::open(Env::real(), options);
    REQUIRE(opened.ok());
    server_ = std::move(*opened);
    server_->start([body](const RequestHead& head) {
      return HttpAnswer{head.path == "/there" ? 200 : 404, "text/plain", body};
    });
  }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(
        *parse_u64(server_->url().substr(server_->url().rfind(':') + 1)));
  }

 private:
  std::unique_ptr<PageServer> server_;
};

class Client {
 public:
  explicit Client(const Server& server) : fd_(connect_loopback(server.port())) {
    REQUIRE(fd_.get() >= 0);
  }
  void send(std::string_view bytes) {
    REQUIRE(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  bool has_answer() const {
    char one = 0;
    return ::recv(fd_.get(), &one, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
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

const std::string kClose = "Connection: close\r\n\r\n";

TEST_CASE("a page is served, and its head only for HEAD") {
  const Server server;
  const std::string whole = ask(server, "GET /there HTTP/1.1\r\nHost: x\r\n" + kClose);
  CHECK(whole.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"));
  CHECK(whole.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
  CHECK(whole.find("\r\nContent-Length: 6\r\n") != std::string::npos);
  CHECK(whole.ends_with("\r\n\r\nhello\n"));
  const std::string head = ask(server, "HEAD /there HTTP/1.1\r\n" + kClose);
  CHECK(head + "hello\n" == whole);
  CHECK(ask(server, "GET /else HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404 Not Found\r\n"));
}

TEST_CASE("page server: one connection for several scrapes") {
  const Server server;
  Client client(server);
  client.send("GET /there HTTP/1.1\r\n\r\nGET /there HTTP/1.1\r\n" + kClose);
  const std::string both = client.read_all();
  CHECK(both.find("hello\n") < both.rfind("hello\n"));
}

TEST_CASE("page server: unsupported requests are refused") {
  const Server server;
  const std::string post = ask(server, "POST /there HTTP/1.1\r\n" + kClose);
  CHECK(post.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  CHECK(post.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  CHECK(ask(server, "\x16\x03\x01 TLS\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
  const std::string endless = ask(server, "GET / HTTP/1.1\r\nA: " + std::string(9000, 'x'));
  CHECK((endless.empty() || endless.starts_with("HTTP/1.1 431 ")));  // or the unread data resets it
}

TEST_CASE("a slow client is given up, and others do not wait for it") {
  PageServerOptions options;
  options.request_ms = 300;
  const Server server(options);
  Client slow(server);
  slow.send("GET /there HT");
  const std::int64_t started = steady_now_ms();
  CHECK(ask(server, "GET /there HTTP/1.1\r\n" + kClose).starts_with("HTTP/1.1 200 OK"));
  CHECK(steady_now_ms() - started < 250);
  CHECK(slow.read_all().empty());
  CHECK(steady_now_ms() - started >= 250);
}

TEST_CASE("more clients than there is room for are served") {
  PageServerOptions options;
  options.connections = 2;
  const Server server(options);
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 5; ++i) silent.push_back(std::make_unique<Client>(server));
  CHECK(ask(server, "GET /there HTTP/1.1\r\n" + kClose).starts_with("HTTP/1.1 200 OK"));
}

TEST_CASE("a large answer arrives completely while another client reads none of its own") {
  constexpr std::size_t kLarge = std::size_t{16} << 20;
  const Server server({}, std::string(kLarge, 'x'));
  Client idle(server);
  idle.send("GET /there HTTP/1.1\r\n\r\n");
  const std::string got = ask(server, "GET /there HTTP/1.1\r\n" + kClose);
  CHECK(got.size() > kLarge);
}

TEST_CASE("with users all pages except /healthz need a login") {
  const test::TempDir dir;
  PageServerOptions options;
  options.config_file =
      dir.write("web.yml",
                "basic_auth_users: {prometheus: "
                "$2b$04$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW}\n");
  const Server server(options);
  const std::string refused = ask(server, "GET /there HTTP/1.1\r\n" + kClose);
  CHECK(refused.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
  CHECK(refused.find("WWW-Authenticate: Basic realm=\"socctl\"\r\n") != std::string::npos);
  const std::string login = "Authorization: Basic cHJvbWV0aGV1czpyaWdodC1wYXNzd29yZA==\r\n";
  CHECK(ask(server, "GET /there HTTP/1.1\r\n" + login + kClose).starts_with("HTTP/1.1 200 "));
  CHECK(ask(server, "GET /healthz HTTP/1.1\r\n" + kClose).starts_with("HTTP/1.1 404 "));
}

TEST_CASE("users and headers of a changed file apply at once, those of a broken one do not") {
  const test::TempDir dir;
  const std::string login = "Authorization: Basic cHJvbWV0aGV1czpyaWdodC1wYXNzd29yZA==\r\n";
  const auto users = [](const std::string& name) {
    return "basic_auth_users: {" + name +
           ": $2b$04$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW}\n";
  };
  std::mutex mutex;
  std::vector<std::string> complaints;  // under mutex
  PageServerOptions options;
  options.config_file = dir.write("web.yml", users("prometheus"));
  options.complain = [&](const Status& why, const char* stays) {
    const std::lock_guard lock(mutex);
    complaints.push_back(why.line() + stays);
  };
  const Server server(options);
  const auto status = [&](const std::string& more) {
    return ask(server, "GET /there HTTP/1.1\r\n" + more + kClose).substr(9, 3);
  };
  CHECK(status(login) == "200");
  dir.write("web.yml", users("else"));
  CHECK(status(login) == "401");
  dir.write("web.yml", "basic_auth_users: {a: plain}\n");
  CHECK(status(login) == "401");
  CHECK(status("") == "401");
  dir.write("web.yml",
            "http_server_config: {headers: {X-Frame-Options: deny}}\n" + users("prometheus"));
  const std::string shown = ask(server, "GET /there HTTP/1.1\r\n" + login + kClose);
  CHECK(shown.starts_with("HTTP/1.1 200 "));
  CHECK(shown.find("\r\nX-Frame-Options: deny\r\n") != std::string::npos);
  const std::lock_guard lock(mutex);
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("bcrypt") != std::string::npos);
  CHECK(complaints[0].ends_with("the configuration"));
}

TEST_CASE("a changed file without users does not end the logins") {
  const test::TempDir dir;
  std::mutex mutex;
  std::vector<std::string> complaints;  // under mutex
  PageServerOptions options;
  options.config_file =
      dir.write("web.yml",
                "basic_auth_users: {prometheus: "
                "$2b$04$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW}\n");
  options.complain = [&](const Status& why, const char* stays) {
    const std::lock_guard lock(mutex);
    complaints.push_back(why.line() + stays);
  };
  const Server server(options);
  for (const char* text : {"", "\n", "basic_auth_users: {}\n",
                           "http_server_config: {headers: {X-Frame-Options: deny}}\n"}) {
    CAPTURE(text);
    dir.write("web.yml", text);
    const std::string shown = ask(server, "GET /there HTTP/1.1\r\n" + kClose);
    CHECK(shown.starts_with("HTTP/1.1 401 "));
    CHECK(shown.find("X-Frame-Options") == std::string::npos);
  }
  const std::lock_guard lock(mutex);
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].find("logins are turned off by a restart only") != std::string::npos);
  CHECK(complaints[0].ends_with("the configuration"));
}

TEST_CASE("slow password checks do not delay other requests") {
  const test::TempDir dir;
  PageServerOptions options;  // a quarter of a second for each check
  options.config_file =
      dir.write("web.yml",
                "basic_auth_users: {prometheus: "
                "$2b$12$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW}\n");
  const Server server(options);
  std::vector<std::unique_ptr<Client>> guesses;
  for (int i = 0; i < 8; ++i) {
    guesses.push_back(std::make_unique<Client>(server));
    guesses.back()->send("GET /there HTTP/1.1\r\nAuthorization: Basic YTpi\r\n" + kClose);
  }
  CHECK(ask(server, "GET /healthz HTTP/1.1\r\n" + kClose).starts_with("HTTP/1.1 404 "));
  CHECK_FALSE(guesses.back()->has_answer());
  CHECK(guesses.front()->read_all().starts_with("HTTP/1.1 401 "));
}

TEST_CASE("more logins than may wait for their check are answered with 503") {
  const test::TempDir dir;
  PageServerOptions options;
  options.config_file =
      dir.write("web.yml",
                "basic_auth_users: {prometheus: "
                "$2b$11$abcdefghijklmnopqrstuuS80hwFD6gSIL20SCUGvmL7S939BjOHW}\n");
  const Server server(options);
  std::vector<std::unique_ptr<Client>> guesses;
  for (std::size_t i = 0; i < Worker::kMostWaiting + 8; ++i) {
    guesses.push_back(std::make_unique<Client>(server));
    guesses.back()->send("GET /there HTTP/1.1\r\nAuthorization: Basic YTpi\r\n" + kClose);
  }
  int refused = 0;
  for (const auto& one : guesses) {
    const std::string shown = one->read_all();
    const bool later = shown.starts_with("HTTP/1.1 503 ");
    CHECK((later || shown.starts_with("HTTP/1.1 401 ")));
    CHECK((shown.find("\r\nRetry-After: ") != std::string::npos) == later);
    refused += later ? 1 : 0;
  }
  CHECK(refused > 0);
}

TEST_CASE("the page server's address is part of its URL, and what is wrong with one is said") {
  const auto open = [](const std::string& address) {
    return PageServer::open(Env::real(), {address, {}});
  };
  CHECK(open("host:1").status().code() == ExitCode::usage);
  const auto first = open("localhost:0");
  REQUIRE(first.ok());
  CHECK((*first)->url().starts_with("http://127.0.0.1:"));
  const auto taken = open((*first)->url().substr(7));
  CHECK(taken.status().code() == ExitCode::failure);
  CHECK(taken.status().message().find((*first)->url().substr(7)) != std::string::npos);
}

}  // namespace
}  // namespace socbridge::web
