// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdlib>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Bounds;
using spool::Entry;
using spool::Spool;
using spool::State;

namespace {

constexpr UnixMillis kNow = 1741938001037;

struct Fresh {
  Fresh() : spool(open(folder.path())) {}
  static Spool open(const std::string& path) {
    auto opened = Spool::open(Env::real(), path);
    REQUIRE(opened.ok());
    return std::move(*opened);
  }
  test::TempDir folder;
  Spool spool;
};

std::string accept(Spool& spool, std::size_t bytes = 100) {
  Entry e;
  e.accepted_ms = kNow;
  e.alert = std::string(bytes, 'x');
  const auto claim = spool.accept(e);
  REQUIRE(claim.ok());
  return claim->id();
}

}  // namespace

TEST_CASE("no more entries than the limit, and room again after a removal") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  Bounds bounds;
  bounds.max_entries = 3;
  std::string last;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(spool.admit(100, bounds, kNow).ok());
    last = accept(spool);
  }
  const Status full = spool.admit(100, bounds, kNow);
  CHECK(full.code() == ExitCode::failure);
  CHECK_THAT(full.line(), Catch::Contains("is full: 3 entries, at most 3") &&
                              Catch::Contains("spool_max_entries"));
  auto claim = spool.claim(State::queue, last);
  REQUIRE(spool.remove(std::move(**claim)).ok());
  CHECK_FALSE(spool.admit(100, bounds, kNow + 1000).ok());  // cached for a moment
  CHECK(spool.admit(100, bounds, kNow + 6000).ok());
}

TEST_CASE("entries that are delivered at once do not fill the spool") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  Bounds bounds;
  bounds.max_entries = 5;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(spool.admit(100, bounds, kNow + i).ok());
    auto claim = spool.claim(State::queue, accept(spool));
    REQUIRE(spool.remove(std::move(**claim)).ok());
  }
}

TEST_CASE("bytes are bounded over all states") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  Bounds bounds;
  bounds.max_bytes = 100000;
  REQUIRE(spool.admit(60000, bounds, kNow).ok());
  auto claim = spool.claim(State::queue, accept(spool, 60000));
  REQUIRE(spool.move(std::move(**claim), State::dead, {}).ok());
  CHECK_THAT(spool.admit(60000, bounds, kNow + 1).line(), Catch::Contains("spool_max_mb"));
  CHECK(spool.admit(100, bounds, kNow + 2).ok());
}

TEST_CASE("bounds: free space is kept") {
  FaultEnv env;
  auto spool = Spool::open(env, "/spool");
  Bounds bounds;
  bounds.min_free_bytes = 1 << 20;
  env.free = 1 << 19;
  CHECK_THAT(spool->admit(100, bounds, kNow).line(), Catch::Contains("spool_min_free_mb"));
  env.free = 1 << 21;
  CHECK(spool->admit(100, bounds, kNow).ok());
}

TEST_CASE("far from the limit nothing is counted") {
  FaultEnv env;
  auto spool = Spool::open(env, "/spool");
  Bounds bounds;
  bounds.max_entries = 100000;
  REQUIRE(spool->admit(100, bounds, kNow).ok());  // counts once, because nothing is cached
  env.reset();
  for (int i = 0; i < 100; ++i) REQUIRE(spool->admit(100, bounds, kNow).ok());
  for (const std::string& call : env.trace) CHECK(call != "visit");
}

TEST_CASE("bounds: counting survives any failing call") {
  for (int at = 1; at <= 30; ++at) {
    FaultEnv env;
    auto spool = Spool::open(env, "/spool");
    Bounds bounds;
    bounds.max_entries = 2;
    env.reset();
    env.fail_at = at;
    CHECK(spool->admit(100, bounds, kNow).ok());
  }
}

TEST_CASE("all of a reason comes back, and old ones are read") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  const std::string id = accept(spool);
  auto claim = spool.claim(State::queue, id);
  spool::Reason reason{5, 2, 502, "retry", "HTTP 502", 3, true, "procedures,type=username"};
  REQUIRE(spool.postpone(std::move(**claim), reason, kNow).ok());
  const auto back = spool.reason(State::queue, id);
  REQUIRE(back);
  CHECK(back->first_failure_ms == 3);
  CHECK(back->ambiguous);
  CHECK(back->left_out == "procedures,type=username");
  const std::string path = spool.dir() + "/queue/" + id + ".reason";
  REQUIRE(Env::real().unlink(path).ok());
  auto fd = Env::real().create_new(path, 0600);
  REQUIRE(Env::real().write_all(fd->get(), R"({"at_ms":1,"attempts":4,"new":[1]})").ok());
  CHECK(spool.reason(State::queue, id)->attempts == 4);
  CHECK_FALSE(spool.reason(State::queue, id)->ambiguous);
}

TEST_CASE("postpone and move keep the entry at every failing call and through power loss") {
  for (const bool moved : {false, true}) {
    for (int at = 1; at <= 8; ++at) {
      for (const bool names_survive : {false, true}) {
        FaultEnv env;
        auto spool = Spool::open(env, "/spool");
        Entry e;
        e.accepted_ms = kNow;
        e.alert = "{}";
        auto claim = spool->accept(e);
        const std::string id = claim->id();
        env.reset();
        env.fail_at = at;
        const spool::Reason reason{kNow, 1, 503, "retry", "x", kNow, false, ""};
        static_cast<void>(moved ? spool->move(std::move(*claim), State::dead, reason)
                                : spool->postpone(std::move(*claim), reason, kNow + 5000));
        env.fail_at = 0;
        env.crash(names_survive, true);
        auto after = Spool::open(env, "/spool");
        int whole = 0;
        for (const State state : {State::queue, State::dead}) {
          auto again = after->claim(state, id);
          if (again.ok() && again->has_value() && after->load(**again).ok()) ++whole;
        }
        CHECK(whole >= 1);
      }
    }
  }
}
