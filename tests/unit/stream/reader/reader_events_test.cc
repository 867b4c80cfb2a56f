// SPDX-License-Identifier: Apache-2.0
// What a reader makes of the events of a live stream.
#include <catch2/catch.hpp>

#include "unit/stream/reader_fixture.h"

namespace socbridge::stream {
namespace {

// Reads these events, and 9000-0 as the last one.
struct Fixture : ReaderFixture {
  explicit Fixture(const std::string& bytes)
      : ReaderFixture({stream_of(connected("1000-0", "9000-0") + bytes + indicator("9000-0"))}) {
    setup.from = "1000-0";
    REQUIRE(run().ok());
  }
};

std::string dependency(const std::string& id) {
  std::string out = indicator(id);
  out.insert(out.find("\"data\""), R"("origin":{"referer":"init-dependencies"},)");
  return out;
}

std::string by_our_user() {
  return R"(,"extensions":{"extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba":)"
         R"({"creator_ids":["user-us"]}})";
}

}  // namespace

TEST_CASE("what a stream keeps is reported when it is connected") {
  Fixture w("");
  CHECK(w.events.named("connected") ==
        std::vector<std::string>{
            R"({"event":"connected","first":"1000-0","last":"9000-0","kept":7})"});
}

TEST_CASE("an event that cannot be read is skipped and counted, the next one is read") {
  Fixture w(sse("2000-0\x1b[2J", "create", "{half") + sse("3000-0", "update", "[]") +
            indicator("4000-0"));
  CHECK(w.reader->shared().reading().malformed == 2);
  const auto skipped = w.events.named("skipped");
  REQUIRE(skipped.size() == 2);
  CHECK(skipped[0].find('\x1b') == std::string::npos);
  CHECK_THAT(skipped[1],
             Catch::Contains(R"("id":"3000-0","reason":"the event is not a JSON object")"));
  CHECK(w.lines().size() == 2);
}

TEST_CASE("events of other names are not changes") {
  Fixture w(sse("2000-0", "info", "{half") + sse("3000-0", "message", "x"));
  CHECK(w.reader->shared().matches().events == 1);
  CHECK(w.reader->shared().reading().malformed == 0);
}

TEST_CASE("heartbeats are counted and say how far the reader is") {
  Fixture w(heartbeat("7000-0") + heartbeat("20000-0") + heartbeat("bad id"));
  CHECK(w.reader->shared().reading().heartbeats >= 1);
  CHECK(w.reader->shared().place_ms() >= 9000);
}

TEST_CASE("a dependency is not a match, and does not move the cursor to the event still to come") {
  ReaderFixture w({stream_of(connected("1000-0", "9000-0") + dependency("5000-0")),
                   stream_of(connected("1000-0", "9000-0") + indicator("9000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  CHECK(w.lines().size() == 1);
  CHECK(w.server.received().find("&from=5000-0") == std::string::npos);
}

TEST_CASE("markings that the stream has named stand in the match by their names") {
  Fixture w(sse("2000-0", "create",
                R"({"type":"create","data":{"type":"marking-definition",)"
                R"("id":"marking-definition--1","name":"Internal"}})") +
            indicator("4000-0", R"(,"object_marking_refs":["marking-definition--1"])"));
  CHECK_THAT(w.lines().at(0), Catch::Contains(R"("markings":["Internal"])"));
  CHECK_THAT(w.events.named("match").at(0), Catch::Contains(R"("markings":["Internal"])"));
}

TEST_CASE("a feed that writes with our own user is reported once") {
  Fixture w(indicator("3000-0", by_our_user()) + indicator("4000-0", by_our_user()));
  CHECK(w.reader->shared().matches().by_our_user == 2);
  CHECK(w.events.count("account_shared") == 1);
  CHECK(w.lines().size() == 3);
  Fixture other("");
  CHECK(other.events.count("account_shared") == 0);
}

TEST_CASE("what the platform no longer keeps is a gap, and is read from its database at once") {
  ReaderFixture w({stream_of(connected("5000-0", "9000-0") + indicator("9000-0")),
                   stream_of(connected("5000-0", "9000-0") + indicator("9000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  CHECK(w.reader->shared().reading().gaps == 1);
  CHECK(w.events.count("gap") == 1);
  CHECK(w.events.count("disconnected") == 0);
  CHECK_THAT(w.server.received(),
             Catch::Contains("&from=1000-0&recover=1970-01-01T00%3A00%3A04.999Z HTTP"));
  CHECK(w.lines().size() == 1);
}

}  // namespace socbridge::stream
