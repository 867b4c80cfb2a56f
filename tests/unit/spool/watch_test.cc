// SPDX-License-Identifier: Apache-2.0
// Events of a watched folder.
#include "spool/watch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <vector>

#include "spool/lock_holders.h"
#include "support/temp_dir.h"

namespace socbridge::spool {
namespace {

Entry some_entry() {
  Entry entry;
  entry.accepted_ms = 1741938001037;
  entry.alert = "{}";
  return entry;
}

using Events = std::vector<std::pair<Watch::Event, std::string>>;

Events read_events(Watch& watch) {
  Events events;
  watch.read([&](Watch::Event event, std::string_view id) { events.emplace_back(event, id); });
  return events;
}

bool has(const Events& events, Watch::Event event, const std::string& id) {
  return std::find(events.begin(), events.end(), std::pair(event, id)) != events.end();
}

}  // namespace

TEST_CASE("an entry that comes, is released, postponed, moved and removed gives events") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  REQUIRE(spool.ok());
  auto watch = Watch::start(*spool, State::queue);
  REQUIRE(watch.ok());
  CHECK(read_events(*watch).empty());
  std::string id;
  {
    const auto claim = spool->accept(some_entry());
    REQUIRE(claim.ok());
    id = claim->id();
    const Events events = read_events(*watch);
    CHECK(has(events, Watch::Event::came, id));
    CHECK_FALSE(has(events, Watch::Event::touched, id));
  }
  CHECK(has(read_events(*watch), Watch::Event::touched, id));  // the claim ended
  auto claim = spool->claim(State::queue, id);
  REQUIRE((claim.ok() && claim->has_value()));
  REQUIRE(spool->postpone(std::move(**claim), {}, 1741938999000).ok());
  CHECK(has(read_events(*watch), Watch::Event::touched, id));
  claim = spool->claim(State::queue, id);
  REQUIRE(spool->move(std::move(**claim), State::hold, {}).ok());
  CHECK(has(read_events(*watch), Watch::Event::left, id));
  claim = spool->claim(State::hold, id);
  REQUIRE(spool->move(std::move(**claim), State::queue, {}).ok());
  CHECK(has(read_events(*watch), Watch::Event::came, id));
  claim = spool->claim(State::queue, id);
  REQUIRE(spool->remove(std::move(**claim)).ok());
  CHECK(has(read_events(*watch), Watch::Event::left, id));
}

TEST_CASE("other files give no events, and a removed folder is reported") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  REQUIRE(spool.ok());
  auto watch = Watch::start(*spool, State::queue);
  REQUIRE(watch.ok());
  std::ofstream(folder.path() + "/queue/note.txt") << "x";
  std::ofstream(folder.path() + "/queue/x.alert") << "x";
  CHECK(read_events(*watch).empty());
  std::filesystem::remove_all(folder.path() + "/queue");
  CHECK(has(read_events(*watch), Watch::Event::lost_some, ""));
  CHECK_FALSE(Watch::start(*spool, State::queue).ok());
}

TEST_CASE("watch: claims are detected without claiming") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder.path());
  REQUIRE(spool.ok());
  std::uint64_t inode = 0;
  {
    const auto claim = spool->accept(some_entry());
    REQUIRE(claim.ok());
    inode = Env::real().stat(spool->entry_path(State::queue, claim->id()))->inode;
    CHECK(locked_inodes(Env::real()).contains(inode));
  }
  CHECK_FALSE(locked_inodes(Env::real()).contains(inode));
}

TEST_CASE("watch: the text of /proc/locks") {
  const auto inodes = parse_locks(
      "1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF\n"
      "2: POSIX  ADVISORY  WRITE 4711 08:01:132 0 EOF\n"
      "3: FLOCK  ADVISORY  READ  12 00:2f:133 0 EOF\n"
      "3: -> FLOCK ADVISORY WRITE 13 08:01:134 0 EOF\n"
      "4: OFDLCK ADVISORY WRITE -1 08:01:135 0 15\n"
      "5: FLOCK\n\nnonsense\n6: FLOCK a b c x:y 0\n");
  CHECK(inodes == std::unordered_set<std::uint64_t>{131, 133});
}

}  // namespace socbridge::spool
