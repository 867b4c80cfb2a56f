// SPDX-License-Identifier: Apache-2.0
#include "spool/alert_counts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/killing_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Counted;
using spool::Spool;
using spool::State;

namespace {

spool::Entry entry() {
  spool::Entry out;
  out.integration = "custom-w2thive";
  out.accepted_ms = 1741938001037;
  out.alert = "{}";
  return out;
}

spool::Reason tried(int attempts) {
  spool::Reason out;
  out.attempts = attempts;
  out.kind = "retry";
  return out;
}

std::uint64_t count(Spool& spool, Counted counted) {
  const auto read = spool.counts().read();
  REQUIRE(read.ok());
  return *read ? (*read)->at(static_cast<std::size_t>(counted)) : 0;
}

std::uint64_t sum(Spool& spool) {
  const auto read = spool.counts().read();
  REQUIRE(read.ok());
  std::uint64_t out = 0;
  if (*read) {
    for (const std::uint64_t one : **read) out += one;
  }
  return out;
}

// The change of an entry when it is delivered, postponed or moved to dead/.
Status change(Spool& spool, spool::Claim claim, Counted counted) {
  switch (counted) {
    case Counted::postponed: return spool.postpone(std::move(claim), tried(1), 1, counted);
    case Counted::refused: return spool.move(std::move(claim), State::dead, tried(1), counted);
    default: return spool.remove(std::move(claim), counted);
  }
}

// A process that is killed at call number `at` of the change; true if it came to its end.
bool killed_child(const std::string& dir, const std::string& id, Counted counted, int at) {
  return test::ends_in_child([&](test::KillingEnv& env) {
    auto spool = Spool::open(env, dir);
    auto claim = spool.ok() ? spool->claim(State::queue, id) : spool.status();
    if (!claim.ok() || !*claim) return false;
    env.left = at;
    return change(*spool, std::move(**claim), counted).ok();
  });
}

bool happened(Spool& spool, const std::string& id, Counted counted) {
  if (counted != Counted::postponed) return !spool.info(State::queue, id);
  const auto reason = spool.reason(State::queue, id);
  return reason && reason->attempts >= 1;
}

}  // namespace

TEST_CASE("each change of an entry is counted once, with its kind") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "spool").value();
  for (const Counted counted :
       {Counted::created, Counted::created, Counted::duplicate, Counted::refused}) {
    REQUIRE(change(spool, spool.accept(entry()).value(), counted).ok());
  }
  auto claim = spool.accept(entry()).value();
  const std::string id = claim.id();
  REQUIRE(spool.postpone(std::move(claim), tried(1), 1, Counted::postponed).ok());
  REQUIRE(
      spool.postpone(*spool.claim(State::queue, id).value(), tried(2), 1, Counted::postponed).ok());
  REQUIRE(spool.remove(*spool.claim(State::queue, id).value(), Counted::created).ok());
  spool.counts().add(Counted::filtered);
  CHECK(count(spool, Counted::created) == 3);
  CHECK(count(spool, Counted::duplicate) == 1);
  CHECK(count(spool, Counted::refused) == 1);
  CHECK(count(spool, Counted::postponed) == 2);
  CHECK(count(spool, Counted::filtered) == 1);
  CHECK(sum(spool) == 8);
  REQUIRE(spool.remove(spool.accept(entry()).value()).ok());
  CHECK(sum(spool) == 8);  // no counted, no count
}

TEST_CASE("a change that failed is not counted") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "spool").value();
  auto claim = spool.accept(entry()).value();
  REQUIRE(::unlink((folder / ("spool/queue/" + claim.id() + ".alert")).c_str()) == 0);
  CHECK_FALSE(spool.remove(std::move(claim), Counted::created).ok());
  CHECK(sum(spool) == 0);
}

TEST_CASE("wherever a process is killed, the change and its count are one") {
  const auto counted = GENERATE(Counted::created, Counted::postponed, Counted::refused);
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "spool").value();
  std::uint64_t done = 0;
  int between = 0;
  for (int at = 0;; ++at) {
    const std::string id = spool.accept(entry()).value().id();
    const bool ended = killed_child(folder / "spool", id, counted, at);
    const std::uint64_t now = happened(spool, id, counted) ? 1 : 0;
    if (!ended && now == 1) ++between;
    CHECK(count(spool, counted) == done + now);  // for a reader, before anyone repairs it
    if (now == 0) {                              // the next process delivers it
      auto claim = spool.claim(State::queue, id).value();
      REQUIRE(claim);
      REQUIRE(change(spool, std::move(*claim), counted).ok());
    }
    ++done;
    CHECK(count(spool, counted) == done);
    CHECK(sum(spool) == done);
    if (ended) break;
  }
  CHECK(between > 0);  // there was a kill between the change and its count
  CHECK(done > 6);
}

TEST_CASE(
    "a note of a killed process that was not carried out counts nothing, whatever comes next") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "spool").value();
  for (int at = 0; at < 12; ++at) {
    const std::string id = spool.accept(entry()).value().id();
    if (killed_child(folder / "spool", id, Counted::created, at)) break;
    if (!spool.info(State::queue, id)) continue;
    const auto before = sum(spool);
    auto claim = spool.claim(State::queue, id).value();
    REQUIRE(claim);
    SECTION("removed without a count") { REQUIRE(spool.remove(std::move(*claim)).ok()); }
    SECTION("moved without a count") {
      REQUIRE(spool.move(std::move(*claim), State::hold, tried(0)).ok());
    }
    CHECK(sum(spool) == before);
  }
}

TEST_CASE("many writers at once neither lose nor double counts") {
  const test::TempDir folder;
  auto shared = Spool::open(Env::real(), folder / "spool").value();
  constexpr int kThreads = 4, kEach = 150;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      auto own = Spool::open(Env::real(), folder / "spool").value();
      Spool& spool = i % 2 == 0 ? shared : own;
      for (int n = 0; n < kEach; ++n) {
        static_cast<void>(spool.remove(spool.accept(entry()).value(), Counted::created));
        spool.counts().add(Counted::filtered);
      }
    });
  }
  std::uint64_t last = 0;
  for (int n = 0; n < 200; ++n) {
    const auto now = sum(shared);
    CHECK(now >= last);  // a counter never goes back
    last = now;
  }
  for (auto& thread : threads) thread.join();
  CHECK(count(shared, Counted::created) == kThreads * kEach);
  CHECK(count(shared, Counted::filtered) == kThreads * kEach);
}

TEST_CASE("alert counts: the file is not trusted") {
  const test::TempDir folder;
  const std::string file = folder / "spool/counts";
  auto spool = Spool::open(Env::real(), folder / "spool").value();
  REQUIRE(spool.remove(spool.accept(entry()).value(), Counted::created).ok());
  const std::string good = folder.read("spool/counts");
  REQUIRE(good.size() == 128 + 64 * 128);
  const auto fresh = [&] { return Spool::open(Env::real(), folder / "spool").value(); };

  SECTION("cut off anywhere it is read and written without harm") {
    for (std::size_t size = 0; size < good.size(); size += 37) {
      folder.write("spool/counts", good.substr(0, size));
      auto one = fresh();
      if (size >= 19) CHECK(sum(one) <= 1);
      REQUIRE(one.remove(one.accept(entry()).value(), Counted::duplicate).ok());
      CHECK(count(one, Counted::duplicate) == 1);
    }
  }
  SECTION("foreign bytes are not counts: an error for readers, replaced by writers") {
    folder.write("spool/counts", std::string(20000, 'x'));
    auto one = fresh();
    const auto read = one.counts().read();
    REQUIRE_FALSE(read.ok());
    CHECK(read.status().line().find("not a file of counts") != std::string::npos);
    one.counts().add(Counted::created);
    CHECK(sum(one) == 1);
  }
  SECTION("numbers that are not counts are left out and emptied") {
    folder.write("spool/counts", good.substr(0, 128) + std::string(64 * 128, '\xff'));
    auto one = fresh();
    CHECK(sum(one) == 0);
    for (int n = 0; n < 200; ++n) one.counts().add(Counted::created);
    CHECK(sum(one) == 200);
  }
  SECTION("a note with a path for an id leads nowhere") {
    std::string bytes = good;
    for (std::size_t at = 128; at < bytes.size(); at += 8) bytes[at] = '\x01';
    folder.write("spool/counts", bytes);
    auto one = fresh();
    CHECK(one.counts().read().ok());
    REQUIRE(one.remove(one.accept(entry()).value(), Counted::duplicate).ok());
  }
  SECTION("links, folders and FIFOs are not followed, and alerts go on") {
    REQUIRE(::unlink(file.c_str()) == 0);
    folder.write("victim", "mine");
    const auto kind = GENERATE(0, 1, 2);
    if (kind == 0) REQUIRE(::symlink((folder / "victim").c_str(), file.c_str()) == 0);
    if (kind == 1) REQUIRE(::mkdir(file.c_str(), 0700) == 0);
    if (kind == 2) REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    auto one = fresh();
    CHECK_FALSE(one.counts().read().ok());
    REQUIRE(one.remove(one.accept(entry()).value(), Counted::created).ok());
    CHECK(folder.read("victim") == "mine");
  }
}

TEST_CASE("a full disk, and any other failure, stops no alert") {
  FaultEnv env;
  auto spool = Spool::open(env, "/spool").value();
  auto first = spool.accept(entry()).value();
  env.reset();
  REQUIRE(spool.remove(std::move(first), Counted::created).ok());
  const int calls = env.calls;
  int uncounted = 0;
  for (int at = 1; at <= calls; ++at) {
    FaultEnv failing;
    auto one = Spool::open(failing, "/spool").value();
    auto claim = one.accept(entry()).value();
    const std::string id = claim.id();
    failing.reset();
    failing.fail_at = at;
    static_cast<void>(one.remove(std::move(claim), Counted::created));
    failing.fail_at = 0;
    const bool gone = !one.info(State::queue, id);
    CHECK(sum(one) <= (gone ? 1 : 0));
    if (gone && sum(one) == 0) ++uncounted;
  }
  CHECK(calls > 4);
  CHECK(uncounted > 0);
}
