// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/position.h"

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::stream {
using opencti::EventId;
using socbridge::test::TempDir;

namespace {

const std::string kUrl = "https://opencti.example/stream/live";

opencti::Connected keeps(std::uint64_t first_ms, std::uint64_t last_ms) {
  opencti::Connected connected;
  connected.first = EventId{first_ms, 0};
  connected.last = EventId{last_ms, 0};
  return connected;
}

StreamPosition at(const std::string& from) {
  StreamPosition position(kUrl);
  REQUIRE(position.load(Env::real(), "", from).ok());
  return position;
}

}  // namespace

TEST_CASE("without a cursor it begins where the option says") {
  CHECK(at("now").request_url() == kUrl + "?no-dependencies=true&listen-delete=true");
  CHECK(at("1763975702513").request_url().ends_with("&from=1763975702513-0"));
  CHECK(at("1763975702513-4").request_url().ends_with("&from=1763975702513-4"));
  CHECK(at("2026-01-31T12:00:00Z").request_url().ends_with("&from=1769860800000-0"));
  CHECK(at("start").request_url().find("&recover=") != std::string::npos);
  StreamPosition position(kUrl);
  CHECK(position.load(Env::real(), "", "yesterday").code() == ExitCode::usage);
}

TEST_CASE("a part that the platform no longer keeps is a gap, once") {
  StreamPosition position = at("1000-0");
  const auto gap = position.connected(keeps(5000, 9000));
  REQUIRE(gap);
  CHECK(gap->from_ms == 1000);
  CHECK(gap->until_ms == 5000);
  CHECK(position.request_url().ends_with("&from=1000-0&recover=1970-01-01T00%3A00%3A04.999Z"));
  CHECK_FALSE(position.connected(keeps(5000, 9000)));
  CHECK_FALSE(position.reached_last());
}

TEST_CASE("the end is reached by the last event, or by a heartbeat after it") {
  StreamPosition position = at("1000-0");
  CHECK_FALSE(position.connected(keeps(500, 9000)));
  position.changed(EventId{8000, 0}, false);
  CHECK_FALSE(position.reached_last());
  SECTION("event") { position.changed(EventId{9000, 0}, false); }
  SECTION("heartbeat") { position.heartbeat(EventId{9500, 0}); }
  CHECK(position.reached_last());
}

TEST_CASE("a recovery ends with two heartbeats in a row that are later than all of it") {
  StreamPosition position = at("1000-0");
  REQUIRE(position.connected(keeps(5000, 9000)));
  position.reconnecting();
  CHECK_FALSE(position.connected(keeps(5000, 9000)));
  position.heartbeat(EventId{9500, 0});
  position.changed(EventId{2000, 0}, true);  // still from the database
  position.heartbeat(EventId{9600, 0});
  CHECK(position.request_url().find("&recover=") != std::string::npos);
  position.heartbeat(EventId{9700, 0});
  CHECK(position.request_url().find("&recover=") == std::string::npos);
  CHECK(position.id_text() == "9700-0");
  CHECK(position.reached_last());
}

TEST_CASE("the cursor is stored when it moved, and belongs to its stream") {
  const TempDir dir;
  const std::string file = dir.path() + "/cursor.json";
  StreamPosition position = at("now");
  CHECK(position.save(Env::real(), file).ok());
  CHECK_FALSE(Env::real().lstat(file).ok());  // nothing to report yet
  position.changed(EventId{7000, 3}, false);
  CHECK(position.save(Env::real(), file).ok());
  StreamPosition same(kUrl), other("https://opencti.example/stream/other");
  REQUIRE(same.load(Env::real(), file, "now").ok());
  CHECK(same.id_text() == "7000-3");
  REQUIRE(other.load(Env::real(), file, "now").ok());
  CHECK(other.id_text().empty());
}

}  // namespace socbridge::stream
