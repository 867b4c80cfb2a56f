// SPDX-License-Identifier: Apache-2.0
// A short check of a live stream.
#include "opencti/stream/stream_check.h"

#include <catch2/catch.hpp>

#include "support/canned_server.h"
#include "support/raw_server.h"

namespace socbridge::opencti {
namespace {

using http::test::Peer;
using http::test::RawServer;

std::string connected(const std::string& last) {
  return "event: connected\ndata: {\"firstEventId\":\"1-0\",\"lastEventId\":\"" + last + "\"}\n\n";
}
std::string recent() { return std::to_string(wall_now_ms() - 1000) + "-0"; }
const std::string kOld = "1600000000000-0";
const std::string kHeartbeat = "id: 1764000000000-0\nevent: heartbeat\ndata: x\n\n";

// Answers as a stream with these bytes and stays open until the client goes.
struct Streaming {
  explicit Streaming(std::string bytes)
      : server([text = std::move(bytes)](Peer& peer) {
          static_cast<void>(peer.read_request());
          peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + text);
          static_cast<void>(peer.read_request());
        }) {}
  StreamCheck check(StreamCheckLimits limits = {}) const {
    return check_stream({}, {server.url("/cti/graphql"), Secret("the-token")}, "live/1", limits);
  }
  RawServer server;
};

StreamCheckLimits at_most(std::int64_t ms) {
  StreamCheckLimits out;
  out.at_most_ms = ms;
  return out;
}

}  // namespace

TEST_CASE("a recent newest event is sign enough of a stream") {
  const Streaming stream(connected(recent()));
  const StreamCheck check = stream.check();
  CHECK(check.status.ok());
  CHECK(check.connected_ms >= 0);
  CHECK(check.last);
  CHECK(check.sign_ms == -1);
  const std::string sent = stream.server.received();
  CHECK_THAT(sent, Catch::StartsWith("GET /cti/stream/live%2F1?from="));
  CHECK_THAT(sent, Catch::Contains("\r\nAuthorization: Bearer the-token\r\n"));
  CHECK_THAT(sent, Catch::Contains("\r\nopencti-draft-id:"));
}

TEST_CASE("a platform that never had an event is well without one") {
  for (const char* none : {"", "0-0", "nothing"}) {
    const StreamCheck check = Streaming(connected(none)).check();
    CHECK(check.status.ok());
    CHECK(check.connected_ms >= 0);
    CHECK_FALSE(check.last);
  }
}

TEST_CASE("after an old event a heartbeat is waited for") {
  const StreamCheck check = Streaming(connected(kOld) + kHeartbeat).check();
  CHECK(check.status.ok());
  CHECK(check.sign_ms >= 0);
  CHECK(check.last == EventId{1600000000000, 0});
}

TEST_CASE("a stream without a heartbeat is well once it had the time for one") {
  StreamCheckLimits limits;
  limits.beat_ms = 0;
  const StreamCheck check = Streaming(connected(kOld)).check(limits);
  CHECK(check.status.ok());
  CHECK(check.sign_ms == -1);
  CHECK(check.connected_ms >= 0);
}

TEST_CASE("a stream that does not say that it is connected is silent, with the time waited") {
  for (const std::string& bytes :
       {std::string(), std::string("event: connected\ndata: {broken\n\n"),
        std::string("event: unknown\ndata: {}\n\n"), std::string(": comment\n\n")}) {
    const StreamCheck check = Streaming(bytes).check(at_most(150));
    CHECK(check.status.code() == ExitCode::unreachable);
    CHECK_THAT(check.status.line(), Catch::Contains("no data for "));
    CHECK(check.connected_ms == -1);
    CHECK(check.waited_ms >= 150);
  }
}

TEST_CASE("a refused stream is a matter of the token, a page is not a stream") {
  const auto code = [](const std::string& answer) {
    const test::CannedServer server({answer});
    return check_stream({}, {server.url(), Secret("the-token")}, "live", {}).status.code();
  };
  CHECK(code(test::http_answer(401, "{}")) == ExitCode::auth);
  CHECK(code(test::http_answer(410, "{}")) == ExitCode::refused);
  CHECK(code(test::http_answer(200, "{}")) == ExitCode::refused);
  CHECK(code(test::http_answer(503, "{}")) == ExitCode::unreachable);
}

TEST_CASE("a stream that ends before it showed enough, and a port without a server") {
  const RawServer ends([](Peer& peer) {
    static_cast<void>(peer.read_request());
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + connected(kOld));
  });
  const StreamCheck check = check_stream({}, {ends.url(), Secret("the-token")}, "live", {});
  CHECK(check.status.code() == ExitCode::unreachable);
  CHECK(check.status.message() == "the server ended the stream");
  CHECK(check.connected_ms >= 0);
  const std::string url = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  CHECK(check_stream({}, {url, Secret("the-token")}, "live", {}).status.code() ==
        ExitCode::unreachable);
}

}  // namespace socbridge::opencti
