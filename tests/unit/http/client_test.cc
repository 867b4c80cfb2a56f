// SPDX-License-Identifier: Apache-2.0
// What one client keeps from request to request, and what it does not.
#include "http/client.h"

#include <catch2/catch.hpp>
#include <utility>

#include "support/raw_server.h"

namespace socbridge::http::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void say_ok(Peer& peer) {
  while (!peer.read_request().empty()) peer.send(answer("200 OK", "ok"));
}

Request get(const std::string& url) {
  Request request;
  request.url = url;
  request.timeout_ms = 5000;
  return request;
}

Request post(const std::string& url) {
  Request request = get(url);
  request.method = "POST";
  request.body = R"({"a":1})";
  request.content_type = "application/json";
  return request;
}

}  // namespace

TEST_CASE("nothing of one request is left in the next") {
  const RawServer server(say_ok);
  Client client(ClientOptions{});
  Request first;
  first.method = "PATCH";
  first.url = server.url("/one");
  first.body = "SECRETBODY";
  first.bearer = Secret("KEY0123456789");
  first.headers = {{"X-Organisation", "soc"}};
  REQUIRE(client.perform(first).answered());
  const std::size_t before = server.received().size();
  Request second;
  second.url = server.url("/two");
  REQUIRE(client.perform(second).answered());
  const std::string text = server.received().substr(before);
  CHECK(has(text, "GET /two"));
  CHECK_FALSE(has(text, "KEY0123456789"));
  CHECK_FALSE(has(text, "SECRETBODY"));
  CHECK_FALSE(has(text, "X-Organisation"));
}

TEST_CASE("the connection is kept alive between requests") {
  const RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer("200 OK", "ok"));
  });
  Client client(ClientOptions{});
  for (int i = 0; i < 5; ++i) CHECK(client.perform(post(server.url())).answered());
  CHECK(server.connections() == 1);
}

TEST_CASE("a client that was moved goes on over the connection it had, with its options") {
  const RawServer server(say_ok);
  ClientOptions options;
  options.user_agent = "moved";
  Client first(options);
  REQUIRE(first.perform(get(server.url())).answered());
  Client second = std::move(first);
  REQUIRE(second.perform(get(server.url())).answered());
  Client third(ClientOptions{});
  third = std::move(second);
  const std::size_t before = server.received().size();
  REQUIRE(third.perform(get(server.url())).answered());
  CHECK(server.connections() == 1);
  CHECK(has(server.received().substr(before), "User-Agent: moved\r\n"));
}

TEST_CASE("clients share no connection and no options") {
  const RawServer server(
      [](Peer& peer) {
        while (!peer.read_request().empty()) peer.send(answer("200 OK", std::string(2000, 'x')));
      },
      RawServer::Serving::at_once);
  ClientOptions small;
  small.max_response_bytes = 1000;
  Client first(small), second(ClientOptions{});
  CHECK(first.perform(get(server.url())).failure == FailureKind::too_large);
  CHECK(second.perform(get(server.url())).answered());
  CHECK(server.connections() == 2);
}

TEST_CASE("what cannot be sent reaches no server and leaves the client as it was") {
  const RawServer server(say_ok);
  Client client(ClientOptions{});
  REQUIRE(client.perform(get(server.url())).answered());
  const std::size_t before = server.received().size();
  Request injected = get(server.url());
  injected.headers = {{"X-Organisation", "a\r\nX-Evil: 1"}};
  CHECK(client.perform(get("ftp://127.0.0.1/")).failure == FailureKind::bad_url);
  const Outcome refused = client.perform(injected);
  CHECK(refused.failure == FailureKind::bad_url);
  CHECK_FALSE(refused.ambiguous());
  CHECK(server.received().size() == before);
  CHECK(client.perform(get(server.url())).answered());
  CHECK(server.connections() == 1);
}

TEST_CASE("after an exchange that failed the next one of the client is well") {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    if (peer.index() == 0) {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
    } else {
      peer.send(answer("200 OK", "whole"));
    }
  });
  Client client(ClientOptions{});
  const Outcome half = client.perform(post(server.url()));
  CHECK(half.failure == FailureKind::interrupted_send);
  CHECK(half.ambiguous());
  const Outcome whole = client.perform(post(server.url()));
  REQUIRE(whole.answered());
  CHECK(whole.response.body == "whole");
  CHECK(whole.error.empty());
}

TEST_CASE("the time of one request is not that of the next") {
  const RawServer server(
      [](Peer& peer) {
        peer.read_request();
        if (peer.index() > 0) peer.send(answer("200 OK", "ok"));
        if (peer.index() == 0) peer.wait_ms(20000);
      },
      RawServer::Serving::at_once);
  Client client(ClientOptions{});
  Request hasty = post(server.url());
  hasty.timeout_ms = 100;
  CHECK(client.perform(hasty).failure == FailureKind::interrupted_send);
  CHECK(client.perform(post(server.url())).answered());
}

}  // namespace socbridge::http::test
