// SPDX-License-Identifier: Apache-2.0
// Many requests in flight on one thread: each ends as it would alone, and a POST is sent once.
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/time.h"
#include "http/multi_client.h"
#include "support/raw_server.h"

namespace socbridge::http::test {
namespace {

constexpr auto kAtOnce = RawServer::Serving::at_once;

Request post(const std::string& url, std::string body = "{}", std::int64_t timeout_ms = 5000) {
  Request request;
  request.method = "POST";
  request.url = url;
  request.body = std::move(body);
  request.content_type = "application/json";
  request.bearer = Secret("TOPSECRETKEY0123");
  request.timeout_ms = timeout_ms;
  return request;
}

MultiClient make(std::size_t connections) {
  auto client = MultiClient::make(connections);
  REQUIRE(client.ok());
  return std::move(*client);
}

MultiClient::Options plain() { return MultiClient::share({}); }

// Everything in flight, by ticket; fails the test after ten seconds.
std::map<MultiClient::Ticket, Outcome> finish(MultiClient& client) {
  std::map<MultiClient::Ticket, Outcome> all;
  const Deadline deadline = Deadline::after_ms(10000);
  while (client.in_flight() > 0) {
    REQUIRE_FALSE(deadline.passed());
    for (MultiClient::Done& done : client.wait(100)) {
      CHECK(done.outcome.error.find("TOPSECRET") == std::string::npos);
      CHECK(all.emplace(done.ticket, std::move(done.outcome)).second);
    }
  }
  return all;
}

std::string body_of(const std::string& request) {
  const std::size_t head = request.find("\r\n\r\n");
  return head == std::string::npos ? "" : request.substr(head + 4);
}

// Answers each request with its own body.
void echo(Peer& peer) {
  for (std::string got = peer.read_request(); !got.empty(); got = peer.read_request()) {
    peer.send(answer("200 OK", body_of(got)));
  }
}

}  // namespace

TEST_CASE("a thousand requests over eight kept connections, each with its own answer") {
  RawServer server(echo, kAtOnce);
  MultiClient client = make(8);
  const auto options = plain();
  std::map<MultiClient::Ticket, std::string> wanted;
  std::size_t sent = 0;
  std::size_t ended = 0;
  const Deadline deadline = Deadline::after_ms(60000);
  while (ended < 1000) {
    REQUIRE_FALSE(deadline.passed());
    for (; sent < 1000 && client.in_flight() < 8; ++sent) {
      const std::string body = "body " + std::to_string(sent);
      wanted[client.start(post(server.url(), body), options)] = body;
    }
    for (const MultiClient::Done& done : client.wait(1000)) {
      REQUIRE(done.outcome.answered());
      REQUIRE(done.outcome.response.body == wanted.at(done.ticket));
      ++ended;
    }
  }
  CHECK(server.connections() <= 8);
}

TEST_CASE("requests beyond the connections wait for one") {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  RawServer server(
      [&](Peer& peer) {
        for (std::string got = peer.read_request(); !got.empty(); got = peer.read_request()) {
          const int here = ++now;
          if (here > most) most = here;
          peer.wait_ms(20);
          --now;
          peer.send(answer("200 OK", "ok"));
        }
      },
      kAtOnce);
  MultiClient client = make(3);
  for (int i = 0; i < 12; ++i) client.start(post(server.url()), plain());
  for (const auto& [ticket, outcome] : finish(client)) CHECK(outcome.answered());
  CHECK(most == 3);
  CHECK(server.connections() == 3);
}

TEST_CASE("a hung request does not delay the others and ends at its own timeout") {
  RawServer server(
      [](Peer& peer) {
        for (std::string got = peer.read_request(); !got.empty(); got = peer.read_request()) {
          if (body_of(got) == "hang") return peer.wait_ms(5000);
          peer.send(answer("200 OK", "ok"));
        }
      },
      kAtOnce);
  MultiClient client = make(8);
  const std::int64_t start = steady_now_ms();
  const auto hung = client.start(post(server.url(), "hang", 300), plain());
  std::set<MultiClient::Ticket> quick;
  for (int i = 0; i < 5; ++i) quick.insert(client.start(post(server.url()), plain()));
  while (!quick.empty() && steady_now_ms() - start < 250) {
    for (const MultiClient::Done& done : client.wait(50)) {
      CHECK(done.outcome.answered());
      CHECK(quick.erase(done.ticket) == 1);
    }
  }
  CHECK(quick.empty());
  const auto late = finish(client);
  REQUIRE(late.size() == 1);
  CHECK(late.at(hung).failure == FailureKind::interrupted_send);
  CHECK(late.at(hung).error == "no complete answer from " + server.host_port() + " within 300 ms");
  CHECK(steady_now_ms() - start >= 290);
  CHECK(steady_now_ms() - start < 600);
}

TEST_CASE("half answers, closed and reset connections are ambiguous, one by one") {
  RawServer server(
      [](Peer& peer) {
        const std::string what = body_of(peer.read_request());
        if (what == "half") peer.send("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{\"_id\"");
        if (what == "reset") peer.reset();
        if (what == "fine") peer.send(answer("201 Created", "{}", "Connection: close\r\n"));
      },
      kAtOnce);
  MultiClient client = make(8);
  std::map<MultiClient::Ticket, std::string> names;
  for (int round = 0; round < 5; ++round) {
    for (const char* what : {"half", "reset", "close", "fine"}) {
      names[client.start(post(server.url(), what), plain())] = what;
    }
  }
  for (const auto& [ticket, outcome] : finish(client)) {
    INFO(names.at(ticket) << ": " << outcome.error);
    CHECK(outcome.answered() == (names.at(ticket) == "fine"));
    CHECK(outcome.ambiguous() == (names.at(ticket) != "fine"));
  }
}

TEST_CASE("a POST on a kept connection that closes is not sent again over another kept one") {
  // Four connections are open and idle; each closes without an answer at its second request.
  std::atomic<int> firsts{0};
  std::mutex mutex;
  std::map<std::string, int> times;
  RawServer server(
      [&](Peer& peer) {
        peer.read_request();
        ++firsts;
        while (firsts < 4) peer.wait_ms(5);
        peer.send(answer("200 OK", "ok"));
        const std::string body = body_of(peer.read_request());
        const std::lock_guard lock(mutex);
        ++times[body];
      },
      kAtOnce);
  MultiClient client = make(4);
  for (int i = 0; i < 4; ++i) client.start(post(server.url(), "first"), plain());
  for (const auto& [ticket, outcome] : finish(client)) CHECK(outcome.answered());
  REQUIRE(server.connections() == 4);
  client.start(post(server.url(), "second"), plain());
  const auto ended = finish(client);
  CHECK(ended.begin()->second.failure == FailureKind::interrupted_send);
  CHECK(ended.begin()->second.error.find("closed the connection") != std::string::npos);
  const std::lock_guard lock(mutex);
  CHECK(times["second"] == 1);
}

TEST_CASE(
    "of several too, a kept connection closed meanwhile is replaced before anything is sent") {
  RawServer server(
      [](Peer& peer) {
        peer.read_request();
        peer.send(answer("200 OK", "ok"));
      },
      kAtOnce);
  MultiClient client = make(2);
  for (int i = 0; i < 5; ++i) {
    client.start(post(server.url()), plain());
    CHECK(finish(client).begin()->second.answered());
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  CHECK(server.connections() == 5);
}

TEST_CASE("a request that cannot be sent ends like any other") {
  MultiClient client = make(2);
  const std::string closed = "127.0.0.1:" + std::to_string(closed_port());
  const auto refused = client.start(post("http://" + closed), plain());
  const auto bad = client.start(post("ftp://127.0.0.1/"), plain());
  const auto no_time = client.start(post("http://" + closed, "{}", 0), plain());
  const auto unknown = client.start(post("http://no-such-host.invalid:9000"), plain());
  CHECK(client.in_flight() == 4);
  const auto ended = finish(client);
  REQUIRE(ended.size() == 4);
  CHECK(ended.at(refused).failure == FailureKind::connect);
  CHECK(ended.at(refused).error == "cannot connect to " + closed + ": Connection refused");
  CHECK(ended.at(bad).failure == FailureKind::bad_url);
  CHECK(ended.at(no_time).failure == FailureKind::connect);
  CHECK(ended.at(unknown).failure == FailureKind::name_lookup);
}

TEST_CASE("given up: ambiguous once it was sent, and the next request is well") {
  RawServer server(
      [](Peer& peer) {
        for (std::string got = peer.read_request(); !got.empty(); got = peer.read_request()) {
          if (body_of(got) == "hang") return peer.wait_ms(5000);
          peer.send(answer("200 OK", "ok"));
        }
      },
      kAtOnce);
  MultiClient client = make(2);
  const auto hung = client.start(post(server.url(), "hang"), plain());
  const auto not_sent = client.start(post(server.url(), "hang"), plain());
  CHECK(client.give_up(not_sent).failure == FailureKind::connect);  // wait() never saw it
  const Deadline soon = Deadline::after_ms(200);
  while (!soon.passed()) CHECK(client.wait(soon.left_ms()).empty());
  const Outcome outcome = client.give_up(hung);
  CHECK(outcome.failure == FailureKind::interrupted_send);
  CHECK(outcome.error.find("no complete answer") != std::string::npos);
  CHECK(client.in_flight() == 0);
  client.start(post(server.url()), plain());
  CHECK(finish(client).begin()->second.answered());
  CHECK_FALSE(client.give_up(hung).answered());
}

TEST_CASE("multi client: wait ends early by wake()") {
  MultiClient client = make(2);
  const std::int64_t start = steady_now_ms();
  CHECK(client.wait(50).empty());
  CHECK(steady_now_ms() - start >= 45);
  std::thread waker([&client] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    client.wake();
  });
  client.wait(5000);
  waker.join();
  client.wake();  // before wait(): the next one ends at once
  client.wait(5000);
  CHECK(steady_now_ms() - start < 2000);
  const std::int64_t again = steady_now_ms();
  client.wait(30);  // and only that one
  CHECK(steady_now_ms() - again >= 25);
}

TEST_CASE("ended with requests in flight: nothing leaks") {
  RawServer server([](Peer& peer) { peer.wait_ms(2000); }, kAtOnce);
  MultiClient client = make(4);
  for (int i = 0; i < 8; ++i) client.start(post(server.url()), plain());
  client.wait(50);
  const MultiClient other = std::move(client);
  CHECK(other.in_flight() == 8);
}

}  // namespace socbridge::http::test
