// SPDX-License-Identifier: Apache-2.0
// Requests of one connection and their answers.
#include "web/http_session.h"

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "http_fixture.h"

namespace socbridge::web {
namespace {

using test::Client;
using test::post;

// As test::Server: answers with the length of the body; /no is refused by its head.
using test::Server;

// A server that answers each head with this status.
class Answers {
 public:
  explicit Answers(int status, ServerOptions options = {}) {
    auto socket = ListeningSocket::open("127.0.0.1:0");
    REQUIRE(socket.ok());
    port_ = static_cast<std::uint16_t>(
        *parse_u64(socket->address().substr(socket->address().find(':') + 1)));
    auto opened = HttpServer::open(Env::real(), std::move(*socket), std::move(options));
    REQUIRE(opened.ok());
    server_ = std::move(*opened);
    thread_ = std::thread([this, status] {
      server_->serve(
          [this, status](const RequestHead& head) -> std::optional<HttpAnswer> {
            const std::lock_guard lock(mutex_);
            heads_.push_back(head);
            return plain_answer(status, "said");
          },
          [](const RequestHead&, std::string, HttpServer::Respond) {});
    });
  }
  ~Answers() {
    server_->stop(0);
    thread_.join();
  }
  // The whole answer to a request that closes the connection.
  std::string ask(const std::string& first_line, const std::string& more = {}) const {
    const Fd fd = connect_loopback(port_);
    REQUIRE(fd.valid());
    const std::string request =
        first_line + " HTTP/1.1\r\nHost: x\r\n" + more + "Connection: close\r\n\r\n";
    REQUIRE(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(request.size()));
    std::string out;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;) {
      out.append(buffer, static_cast<std::size_t>(got));
    }
    return out;
  }
  std::vector<RequestHead> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<HttpServer> server_;
  mutable std::mutex mutex_;
  std::vector<RequestHead> heads_;  // under mutex_
  std::thread thread_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("what a body is packed in besides is not guessed") {
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

TEST_CASE("http session: the line before a chunk has a bound") {
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

TEST_CASE("what is wrong gets its answer and the connection ends") {
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

TEST_CASE("http session: bodies share a bounded memory") {
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

TEST_CASE("who answers a request sees method, path without query, login and wanted type") {
  const Answers server(200);
  server.ask("GET /a/b?token=x#y", "Authorization: Bearer k3y\r\nAccept: text/plain\r\n");
  server.ask("OPTIONS *");
  const auto heads = server.heads();
  REQUIRE(heads.size() == 2);
  CHECK(heads[0].method == "GET");
  CHECK(heads[0].path == "/a/b");
  CHECK(heads[0].authorization == "Bearer k3y");
  CHECK(heads[0].accept == "text/plain");
  CHECK(heads[1].method == "OPTIONS");
  CHECK(heads[1].authorization.empty());
}

TEST_CASE("an answer has its type, its length and nothing that lets a browser guess") {
  const Answers server(200);
  CHECK(server.ask("GET /") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: 5\r\n\r\nsaid\n");
  const std::string head = server.ask("HEAD /");
  CHECK(head.ends_with("Content-Length: 5\r\n\r\n"));
}

TEST_CASE("headers of the configuration are in each answer, and in place of those of the server") {
  ServerOptions options;
  options.headers = {{"X-Frame-Options", "deny"}, {"X-Content-Type-Options", "other"}};
  const Answers server(404, options);
  const std::string said = server.ask("GET /");
  CHECK(said.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(said, "\r\nX-Frame-Options: deny\r\n"));
  CHECK(has(said, "\r\nX-Content-Type-Options: other\r\n"));
  CHECK_FALSE(has(said, "nosniff"));
}

TEST_CASE("a refusal says how to log in, which methods there are, and when to come again") {
  ServerOptions options;
  options.challenge = "Basic realm=\"x\"";
  options.methods = "GET, HEAD";
  CHECK(has(Answers(401, options).ask("GET /"), "\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"));
  CHECK(has(Answers(405, options).ask("PUT /"), "\r\nAllow: GET, HEAD\r\n"));
  CHECK(has(Answers(429, options).ask("GET /"), "\r\nRetry-After: 5\r\n"));
  CHECK(has(Answers(503, options).ask("GET /"), "\r\nRetry-After: 5\r\n"));
  const std::string fine = Answers(200, options).ask("GET /");
  for (const char* header : {"WWW-Authenticate", "Allow", "Retry-After"}) {
    CHECK_FALSE(has(fine, header));
  }
}

TEST_CASE("a request that is refused by its head has no body read, and is the connection's last") {
  Server server;
  Client client(server);
  client.send("POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
  const std::string said = client.read("no\n");
  CHECK(said.starts_with("HTTP/1.1 401 "));
  CHECK(has(said, "\r\nConnection: close\r\n"));
  CHECK(client.read("HTTP/1.1").empty());
  CHECK((*server).load().body_bytes == 0);
}

TEST_CASE("a connection of HTTP 1.0 ends with its answer, unless it is to be kept") {
  Server server;
  Client once(server);
  CHECK(once.ask("POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na", "1\n")
            .starts_with("HTTP/1.1 202 "));
  CHECK(once.closed());
  Client twice(server);
  const std::string kept =
      "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na";
  CHECK(twice.ask(kept, "1\n").starts_with("HTTP/1.1 202 "));
  CHECK(twice.ask(kept, "1\n").starts_with("HTTP/1.1 202 "));
}

TEST_CASE("a connection without a request ends after its time, and a request begins it again") {
  ServerOptions options;
  options.idle_ms = 200;
  Server server(options);
  Client client(server);
  CHECK(client.ask(post("1"), "1\n").starts_with("HTTP/1.1 202 "));
  const std::int64_t begun = steady_now_ms();
  CHECK(client.closed());
  CHECK(steady_now_ms() - begun < 10000);
  CHECK((*server).load().refused == 0);
}

TEST_CASE("a changed configuration holds from the next request of a connection on") {
  int asked = 0;
  ServerOptions options;
  options.renew = [&asked](ServerOptions& now) {  // in the serving thread alone
    now.headers = {{"X-Asked", std::to_string(++asked)}};
  };
  Server server(options);
  Client client(server);
  const std::string first = client.ask(post("1"), "1\n"), second = client.ask(post("1"), "1\n");
  CHECK(has(first, "\r\nX-Asked: 2\r\n"));  // once for the connection, once for the request
  CHECK(has(second, "\r\nX-Asked: 3\r\n"));
}

}  // namespace
}  // namespace socbridge::web
