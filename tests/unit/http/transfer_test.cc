// SPDX-License-Identifier: Apache-2.0
// Results of exchanges: complete answers, and every kind of failure.
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <thread>

#include "base/time.h"
#include "http/client.h"
#include "support/raw_server.h"

namespace socbridge::http::test {
namespace {

Request post(const std::string& url, std::int64_t timeout_ms = 3000) {
  Request request;
  request.method = "POST";
  request.url = url;
  request.body = R"({"a":1})";
  request.content_type = "application/json";
  request.bearer = Secret("TOPSECRETKEY0123");
  request.timeout_ms = timeout_ms;
  return request;
}

Outcome ask(const Request& request, ClientOptions options = {}) {
  Client client(std::move(options));
  Outcome outcome = client.perform(request);
  CHECK(outcome.error.find("TOPSECRET") == std::string::npos);
  CHECK(outcome.error.find('\n') == std::string::npos);
  CHECK(outcome.answered() == outcome.error.empty());
  return outcome;
}

}  // namespace

TEST_CASE("transfer: a complete answer") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("201 Created", R"({"_id":"~1"})",
                     "Content-Type: application/json; charset=utf-8\r\nRetry-After: 7\r\n"));
  });
  const Outcome outcome = ask(post(server.url("/api/v1/alert")));
  REQUIRE(outcome.answered());
  CHECK(outcome.response.status == 201);
  CHECK(outcome.response.body == R"({"_id":"~1"})");
  CHECK(outcome.response.is_json());
  CHECK(outcome.response.retry_after_ms == 7000);
  CHECK_FALSE(outcome.ambiguous());
}

TEST_CASE("transfer: a chunked answer in drips") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    const std::string text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char c : text) {
      peer.send(std::string_view(&c, 1));
      peer.wait_ms(1);
    }
  });
  const Outcome outcome = ask(post(server.url()));
  REQUIRE(outcome.answered());
  CHECK(outcome.response.body == "abcde");
}

TEST_CASE("transfer: error codes are answers") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("503 Service Unavailable", "busy"));
  });
  const Outcome outcome = ask(post(server.url()));
  REQUIRE(outcome.answered());
  CHECK(outcome.response.status == 503);
}

TEST_CASE("transfer: nothing listens: not sent") {
  const std::string where = "127.0.0.1:" + std::to_string(closed_port());
  const Outcome outcome = ask(post("http://" + where));
  CHECK(outcome.failure == FailureKind::connect);
  CHECK(outcome.error == "cannot connect to " + where + ": Connection refused");
  CHECK_FALSE(outcome.ambiguous());
}

TEST_CASE("transfer: a name that does not exist: not sent") {
  const Outcome outcome = ask(post("http://no-such-host.invalid:9000", 5000));
  CHECK(outcome.failure == FailureKind::name_lookup);
  CHECK(outcome.error.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("bad URLs are not sent and passwords in them not shown") {
  for (const char* url :
       {"ftp://127.0.0.1/", "http://u:TOPSECRETKEY0123@127.0.0.1/", "", "http://a b/"}) {
    CHECK(ask(post(url)).failure == FailureKind::bad_url);
  }
}

TEST_CASE("a key with a line break cannot add a header") {
  Request request = post("http://127.0.0.1:1/");
  request.bearer = Secret("TOPSECRET\r\nX-Evil: 1");
  CHECK(ask(request).failure == FailureKind::bad_url);
  request = post("http://127.0.0.1:1/");
  request.headers.emplace_back("X-Organisation", "a\nb");
  CHECK(ask(request).failure == FailureKind::bad_url);
}

TEST_CASE("never answered: the budget is observed and the server may have acted") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.wait_ms(5000);
  });
  const std::int64_t start = steady_now_ms();
  const Outcome outcome = ask(post(server.url(), 200));
  const std::int64_t took = steady_now_ms() - start;
  CHECK(outcome.failure == FailureKind::interrupted_send);
  CHECK(outcome.ambiguous());
  CHECK(outcome.error == "no complete answer from " + server.host_port() + " within 200 ms");
  CHECK(took >= 190);
  CHECK(took < 400);
}

TEST_CASE("an answer that never ends is aborted at the budget") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    for (int i = 0; i < 300; ++i) {
      peer.send("x");
      peer.wait_ms(10);
    }
  });
  const std::int64_t start = steady_now_ms();
  CHECK(ask(post(server.url(), 200)).failure == FailureKind::interrupted_send);
  CHECK(steady_now_ms() - start < 400);
}

TEST_CASE("transfer: no time left: nothing is sent") {
  const RawServer server([](Peer& peer) { peer.read_request(); });
  CHECK(ask(post(server.url(), 0)).failure == FailureKind::connect);
  CHECK(server.connections() == 0);
}

TEST_CASE("half an answer, an empty one and a reset are ambiguous") {
  const char* const said[] = {"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{\"_id\"", "",
                              "HTTP/1.1 201 Crea", "HTTP/1.1 204 No Content\r\nX: y\r\n",
                              "garbage that is not HTTP\r\n\r\n"};
  for (const char* text : said) {
    const RawServer server([text](Peer& peer) {
      peer.read_request();
      peer.send(text);
    });
    INFO(text);
    const Outcome outcome = ask(post(server.url()));
    CHECK(outcome.failure == FailureKind::interrupted_send);
    CHECK(outcome.error.find(server.host_port()) != std::string::npos);
  }
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  const Outcome outcome = ask(post(server.url()));
  CHECK(outcome.failure == FailureKind::interrupted_send);
  CHECK(outcome.error.find("reset by peer") != std::string::npos);
}

TEST_CASE("an answer over the limit is not read further") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer("200 OK", std::string(5000, 'x')));
  });
  ClientOptions options;
  options.max_response_bytes = 1000;
  const Outcome outcome = ask(post(server.url()), options);
  CHECK(outcome.failure == FailureKind::too_large);
  CHECK(outcome.ambiguous());
}

TEST_CASE("a redirect is an answer and is not followed") {
  const RawServer other([](Peer& peer) { peer.read_request(); });
  const RawServer server([&other](Peer& peer) {
    peer.read_request();
    peer.send(answer("302 Found", "", "Location: " + other.url("/x") + "\r\n"));
  });
  const Outcome outcome = ask(post(server.url()));
  REQUIRE(outcome.answered());
  CHECK(outcome.response.status == 302);
  CHECK(other.connections() == 0);
}

namespace {

// Answers one request per connection and keeps it open; then as in `on_second`.
RawServer keeps_one(std::function<void(Peer&)> on_second) {
  return RawServer([on_second](Peer& peer) {
    peer.read_request();
    peer.send(answer("200 OK", "ok"));
    if (peer.index() == 0) on_second(peer);
  });
}

Request get(const std::string& url) {
  Request request;
  request.url = url;
  return request;
}

}  // namespace

TEST_CASE("a kept connection closed meanwhile is replaced before anything is sent") {
  const RawServer server = keeps_one([](Peer&) {});
  Client client(ClientOptions{});
  CHECK(client.perform(post(server.url())).answered());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(client.perform(post(server.url())).answered());
  CHECK(server.connections() == 2);
}

TEST_CASE("a POST on a kept connection that closes under it is not sent twice") {
  for (const char* said : {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\n"}) {
    INFO(said);
    const RawServer server = keeps_one([said](Peer& peer) {
      peer.read_request();
      peer.send(said);
    });
    Client client(ClientOptions{});
    CHECK(client.perform(post(server.url())).answered());
    const Outcome outcome = client.perform(post(server.url()));
    CHECK(outcome.failure == FailureKind::interrupted_send);
    CHECK(outcome.error.find("closed the connection") != std::string::npos);
    CHECK(server.connections() == 1);
    CHECK(client.perform(post(server.url())).answered());  // the next one is well again
  }
}

TEST_CASE("transfer: a GET is sent again") {
  const RawServer server = keeps_one([](Peer& peer) { peer.read_request(); });
  Client client(ClientOptions{});
  CHECK(client.perform(get(server.url())).answered());
  CHECK(client.perform(get(server.url())).answered());
  CHECK(server.connections() == 2);
}

TEST_CASE("a GET once sent stays ambiguous even if the second try cannot connect") {
  const RawServer server = keeps_one([](Peer& peer) {
    peer.stop_listening();
    peer.read_request();
  });
  Client client(ClientOptions{});
  CHECK(client.perform(get(server.url())).answered());
  CHECK(client.perform(get(server.url())).failure == FailureKind::interrupted_send);
}

}  // namespace socbridge::http::test
