// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "health/probes/opencti.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using socbridge::test::http_answer;
using Routes = socbridge::test::RouteServer::Routes;

constexpr std::int64_t kHour = 3600000;

std::string streams(const std::string& nodes) {
  return R"({"data":{"streamCollections":{"edges":[)" + nodes + "]}}}";
}
std::string node(const std::string& id, const char* live = "true") {
  return R"({"node":{"id":")" + id + R"(","name":"feed )" + id + R"(","stream_live":)" + live +
         "}}";
}

// A stream whose newest event has this time; 0: it never had one. `more`: what follows.
std::string stream_of(std::uint64_t last_ms, const std::string& more = "") {
  const std::string last =
      last_ms == 0 ? "" : R"("lastEventId":")" + std::to_string(last_ms) + R"(-0",)";
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
         "event: connected\ndata: {" +
         last + "\"connectionId\":\"c\"}\n\n" + more;
}
std::string hours_old(std::int64_t hours, const std::string& more = "") {
  return stream_of(static_cast<std::uint64_t>(FakeClock::kStart - hours * kHour), more);
}
constexpr const char* kBeat = "event: heartbeat\ndata: x\n\n";

struct Stream : test::Probed {
  explicit Stream(Routes routes, std::vector<std::string> capabilities = {"TAXIIAPI"})
      : test::Probed(std::move(routes), {"opencti", "OpenCTI"}) {
    opencti::Client client(probe.http(), {server.url(), Secret("t0ken")}, 1);
    opencti::Account me;
    me.name = "admin";
    me.capabilities = std::move(capabilities);
    check_stream(probe, client, me);
  }
  std::string said() { return test::Probed::said("stream"); }
};

// What is said of the one stream with this answer.
std::string one(const std::string& answer) {
  return Stream(Routes{{"POST /graphql", {streams(node("a"))}}, {"GET /stream/a?from=", {answer}}})
      .said();
}

}  // namespace

TEST_CASE("opencti stream: a recent event is sign enough, an older one needs a heartbeat") {
  const FakeClock clock;
  CHECK(one(hours_old(0)) == "ok: feed a: last event 0 ms ago");
  CHECK(one(hours_old(5, kBeat)) == "ok: feed a: last event 5 hours ago, heartbeats received");
  // The server ends it before one came.
  CHECK(one(hours_old(5)) ==
        "degraded unreachable: feed a: last event 5 hours ago, then the server ended the stream");
}

TEST_CASE("opencti stream: without events for days or at all it is degraded") {
  const FakeClock clock;
  CHECK(one(hours_old(72, kBeat)) == "degraded stale: feed a: last event 3 days ago");
  CHECK(one(stream_of(0)) == "degraded missing: feed a: it has never had an event");
}

TEST_CASE("opencti stream: an event of the far future or of no time at all is not a crash") {
  const FakeClock clock;
  for (const std::uint64_t ms : {std::uint64_t{1} << 63, UINT64_MAX, std::uint64_t{INT64_MAX}}) {
    CAPTURE(ms);
    CHECK(one(stream_of(ms, kBeat)).starts_with("ok: feed a: last event 0 ms ago"));
  }
  CHECK(one(stream_of(1, kBeat)).starts_with("degraded stale: feed a: last event "));
}

TEST_CASE("opencti stream: one that may be read is enough, of the first three") {
  const FakeClock clock;
  const std::string closed = http_answer(403, "{}");
  const std::string all = streams(node("off", "false") + "," + node("a") + "," + node("b") + "," +
                                  node("c") + "," + node("d"));
  CHECK(Stream(Routes{{"POST /graphql", {all}},
                      {"GET /stream/a", {closed}},
                      {"GET /stream/b", {closed}},
                      {"GET /stream/c", {hours_old(0)}}})
            .said() == "ok: feed c: last event 0 ms ago");
  Stream none(Routes{{"POST /graphql", {all}}, {"GET /stream/", {closed}}});
  CHECK(none.said().starts_with("degraded auth: feed c: the token is wrong, there is no stream"));
  CHECK(none.next("stream").find("TAXIIAPI") != std::string::npos);
  CHECK(none.server.count("GET /stream/") == 3);
  CHECK(none.server.count("GET /stream/off") == 0);
}

TEST_CASE("opencti stream: another failure of a stream is said at once, with its name") {
  const FakeClock clock;
  CHECK(one(http_answer(410, "{}")) ==
        "degraded refused: feed a: the stream is stopped in OpenCTI (410)");
  CHECK(one(http_answer(200, "{}"))
            .starts_with("degraded refused: feed a: the answer is application/json"));
}

TEST_CASE("opencti stream: none started, none shown, none to be asked for") {
  const FakeClock clock;
  CHECK(Stream(Routes{{"POST /graphql", {streams(node("a", "false"))}}}).said() ==
        "degraded missing: no live stream is started");
  CHECK(Stream(Routes{{"POST /graphql", {streams("")}}}).said() ==
        "degraded missing: no live stream is started");
  CHECK(Stream(Routes{{"POST /graphql", {streams("")}}}, {"KNOWLEDGE"}).said() ==
        "degraded auth: admin lacks TAXIIAPI: no stream is shown to it");
  const std::string refused =
      R"({"errors":[{"message":"no","extensions":{"code":"FORBIDDEN_ACCESS"}}],"data":null})";
  CHECK(Stream(Routes{{"POST /graphql", {refused}}}).said().starts_with("unknown auth: "));
  const std::string engine =
      R"({"errors":[{"message":"x","extensions":{"code":"DATABASE_ERROR"}}],"data":null})";
  Stream down(Routes{{"POST /graphql", {engine}}});
  CHECK(down.said().empty());
  CHECK(down.test::Probed::said("search engine").starts_with("down unreachable: "));
}

}  // namespace socbridge::health
