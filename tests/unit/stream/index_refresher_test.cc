// SPDX-License-Identifier: Apache-2.0
// Where the set of values comes from at the start, and how it is kept.
#include "stream/index_refresher.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "events.h"
#include "hive_fixture.h"
#include "stream/lookup/lookup_task.h"

namespace socbridge::stream {
namespace {

struct Fixture : HiveFixture {
  explicit Fixture(std::vector<std::string> rules = {}) : HiveFixture(std::move(rules)) {}
  ConsumerSetup asking(LookupScope scope) const {
    ConsumerSetup out = setup();
    out.opencti = opencti::Endpoint{"http://127.0.0.1:1", Secret("token")};
    out.lookup = scope;
    return out;
  }
  ConsumerState& open(ConsumerSetup given) {
    state.reset();  // it has the folder
    state = std::make_unique<ConsumerState>(Env::real(), std::move(given), events.sink());
    REQUIRE(state->open_state().ok());
    return *state;
  }
  Status fill(ConsumerSetup given) { return IndexRefresher(open(std::move(given))).fill(); }
  // Refreshes until `done`, then stops.
  template <typename Done>
  void run_until(Done done) {
    std::thread refreshing([this] { IndexRefresher(*state).run(); });
    const bool came = state->changed.wait(20000, done);
    state->raise(state->stop);
    refreshing.join();
    CHECK(came);
  }
  Events events;
  std::unique_ptr<ConsumerState> state;
};

std::vector<std::string> waiting(MatchJournal& journal) {
  const auto batch = journal.next(100);
  REQUIRE(batch.ok());
  return batch->lines;
}

}  // namespace

TEST_CASE("the set comes from TheHive, then from its snapshot") {
  Fixture w;
  const auto subject = w.new_case();
  w.observable(subject);
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 1);
  CHECK(w.folder.has("state/values"));
  const auto before = w.server.request_count();
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 1);
  CHECK(w.server.request_count() == before);
}

TEST_CASE("a damaged snapshot, and one without a value, is rebuilt from TheHive") {
  Fixture w;
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 0);
  const auto subject = w.new_case();
  w.observable(subject);
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 1);
  w.folder.write("state/values", "socbridge-match-set 1\nhalf");
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 1);
}

TEST_CASE("a watch list takes the place of TheHive") {
  Fixture w;
  ConsumerSetup given = w.setup();
  given.watch_list = w.folder.write("list", "ip\t198.51.100.7\n");
  const auto before = w.server.request_count();
  REQUIRE(w.fill(given).ok());
  CHECK(w.state->set.size() == 1);
  CHECK(w.server.request_count() == before);
  given.watch_list = w.folder.write("list", "ip\tno address\n");
  CHECK(w.fill(given).code() == ExitCode::bad_input);
}

TEST_CASE("values are asked about at the first start only if all are to be") {
  Fixture w;
  const auto subject = w.new_case();
  const std::uint64_t number = w.observable(subject);
  REQUIRE(w.fill(w.asking(LookupScope::fresh)).ok());
  CHECK(w.state->lookups->empty());
  std::filesystem::remove(w.folder / "state/values");
  REQUIRE(w.fill(w.asking(LookupScope::all)).ok());
  const auto lines = waiting(*w.state->lookups);
  REQUIRE(lines.size() == 1);
  CHECK(LookupTask::read(lines[0])->observable == number);
}

TEST_CASE("the start waits for TheHive, and gives up what waiting cannot fix") {
  Fixture late({"status=503,path=/api/v1/query,first=2"});
  REQUIRE(late.fill(late.setup()).ok());
  CHECK(late.events.count("thehive_down") == 2);
  Fixture refused({"status=400,path=/api/v1/query"});
  CHECK(refused.fill(refused.setup()).code() == ExitCode::refused);
  CHECK(refused.events.count("thehive_down") == 2);
  Fixture key({"status=401,path=/api/v1/query"});
  CHECK(key.fill(key.setup()).code() == ExitCode::auth);
  CHECK(key.events.count("thehive_down") == 1);
}

TEST_CASE("a start that is stopped is interrupted") {
  Fixture w;
  ConsumerState& state = w.open(w.setup());
  state.raise(state.stop);
  CHECK(IndexRefresher(state).fill().code() == ExitCode::interrupted);
  CHECK_FALSE(w.folder.has("state/values"));
}

TEST_CASE("new values of TheHive come into the set, and are asked about") {
  Fixture w;
  REQUIRE(w.fill(w.asking(LookupScope::fresh)).ok());
  const auto subject = w.new_case();
  const std::uint64_t number = w.observable(subject);
  w.run_until([&] { return !w.state->lookups->empty() && w.state->all_refreshed.load(); });
  CHECK(w.state->set.size() == 1);
  const auto lines = waiting(*w.state->lookups);
  REQUIRE(lines.size() == 1);
  CHECK(LookupTask::read(lines[0])->observable == number);
  REQUIRE(w.fill(w.setup()).ok());
  CHECK(w.state->set.size() == 1);  // it is in the snapshot
}

TEST_CASE("index refresher: a rebuild forgets what was closed") {
  Fixture w;
  const auto subject = w.new_case();
  w.observable(subject);
  REQUIRE(w.fill(w.setup()).ok());
  w.close(subject);
  ConsumerSetup given = w.setup();
  given.rebuild_ms = 0;
  REQUIRE(w.fill(given).ok());
  CHECK(w.state->set.size() == 1);
  w.run_until([&] { return w.state->all_refreshed.load(); });
  CHECK(w.state->set.size() == 0);
}

TEST_CASE("a refresh that fails is reported and tried again") {
  Fixture w({"status=503,path=/api/v1/query,after=2,first=2"});
  REQUIRE(w.fill(w.setup()).ok());  // alerts and cases: two queries
  w.run_until([&] { return w.state->all_refreshed.load(); });
  CHECK(w.events.count("refresh_failed") == 2);
  CHECK(w.state->error().ok());
}

}  // namespace socbridge::stream
