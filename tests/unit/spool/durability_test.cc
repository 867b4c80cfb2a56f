// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>

#include "spool/spool.h"
#include "support/fault_env.h"

using namespace socbridge;
using spool::Entry;
using spool::Spool;
using spool::State;

namespace {

Entry example(const std::string& alert = "{\"rule\":{\"level\":9}}") {
  Entry e;
  e.integration = "custom-w2thive";
  e.hook_url = "http://127.0.0.1:9000";
  e.options = R"({"min_level":7})";
  e.accepted_ms = 1741938001037;
  e.alert = alert;
  return e;
}

struct Disk {
  FaultEnv env;
  Disk() { REQUIRE(Spool::open(env, "/spool").ok()); }
  // Complete entries that a delivery after the crash would find.
  int found(const std::string& alert) {
    auto spool = Spool::open(env, "/spool");
    REQUIRE(spool.ok());
    int whole = 0;
    const auto list = spool->list(State::queue);
    for (const auto& info : *list) {
      auto claim = spool->claim(State::queue, info.id);
      REQUIRE(claim.ok());
      REQUIRE(claim->has_value());
      const auto entry = spool->load(**claim);
      if (!entry.ok()) {
        CHECK(entry.status().code() == ExitCode::bad_input);
        continue;
      }
      CHECK(entry->alert == alert);
      ++whole;
    }
    return whole;
  }
};

}  // namespace

TEST_CASE("accepted alerts survive power loss, byte for byte") {
  for (const bool names_survive : {false, true}) {
    for (const bool garbage : {false, true}) {
      Disk disk;
      auto spool = Spool::open(disk.env, "/spool");
      REQUIRE(spool->accept(example()).ok());
      disk.env.crash(names_survive, garbage);
      CHECK(disk.found(example().alert) == 1);
    }
  }
}

TEST_CASE("a failing call at any step gives an error or a durable entry, never a lie") {
  int steps = 0;
  for (int at = 1;; ++at) {
    for (const int error : {28, 5}) {  // ENOSPC, EIO
      for (const bool names_survive : {false, true}) {
        Disk disk;
        auto spool = Spool::open(disk.env, "/spool");
        disk.env.reset();
        disk.env.fail_at = at;
        disk.env.fail_errno = error;
        const auto claim = spool->accept(example());
        disk.env.fail_at = 0;
        const bool accepted = claim.ok();
        if (disk.env.calls < at) {
          CHECK(steps >= 6);  // every call of accept was made to fail
          return;
        }
        steps = at;
        if (!accepted) CHECK(claim.status().line().find("spool /spool is unusable") == 0);
        disk.env.crash(names_survive, true);
        if (accepted) CHECK(disk.found(example().alert) == 1);
      }
    }
  }
}

TEST_CASE("power loss during accept leaves a complete entry or one detected as damaged") {
  // A failing call represents the power failure: nothing after it happened.
  for (int at = 1; at <= 8; ++at) {
    for (const bool names_survive : {false, true}) {
      for (const bool garbage : {false, true}) {
        Disk disk;
        auto spool = Spool::open(disk.env, "/spool");
        disk.env.reset();
        disk.env.fail_at = at;
        const bool accepted = spool->accept(example()).ok();
        disk.env.fail_at = 0;
        disk.env.crash(names_survive, garbage);
        const int whole = disk.found(example().alert);
        CHECK(whole <= 1);
        if (accepted) CHECK(whole == 1);
      }
    }
  }
}

TEST_CASE("accept syncs the file under its last name, then the name, then returns") {
  Disk disk;
  auto spool = Spool::open(disk.env, "/spool");
  disk.env.reset();
  REQUIRE(spool->accept(example()).ok());
  std::erase_if(disk.env.trace, [](const std::string& call) {
    return call == "stat" || call == "fstat";  // root checks the owner of the folder
  });
  CHECK(disk.env.trace ==
        std::vector<std::string>{"create_new", "lock", "write", "rename", "fsync", "fsync_dir"});
}

TEST_CASE("opening an existing spool takes two system calls and lists nothing") {
  Disk disk;
  disk.env.reset();
  REQUIRE(Spool::open(disk.env, "/spool").ok());
  CHECK(disk.env.trace == std::vector<std::string>{"stat", "stat"});
}

TEST_CASE("a moved entry is in its new state after power loss") {
  Disk disk;
  auto spool = Spool::open(disk.env, "/spool");
  auto claim = spool->accept(example());
  const std::string id = claim->id();
  REQUIRE(spool->move(std::move(*claim), State::corrupt, {1, 1, 0, "bad_input", "not JSON"}).ok());
  disk.env.crash(false, true);
  CHECK(disk.env.names("/spool/queue").empty());
  const auto names = disk.env.names("/spool/corrupt");
  CHECK(std::find(names.begin(), names.end(), id + ".alert") != names.end());
  // A requeue reads its reason.
  CHECK((disk.env.stat("/spool/corrupt/" + id + ".alert")->mode & 07777U) == 0600);
}

TEST_CASE("a spool made on the first alert survives power loss with it") {
  for (const bool names_survive : {false, true}) {
    FaultEnv env;
    auto spool = Spool::open(env, "/a/b/spool");
    REQUIRE(spool.ok());
    REQUIRE(spool->accept(example()).ok());
    const auto& trace = env.trace;
    // Each created folder is a name in its parent: at least four parents are synced before the
    // alert.
    CHECK(std::count(trace.begin(), trace.end(), "fsync_dir") >= 4);
    env.crash(names_survive, true);
    CHECK(env.names("/a/b/spool/queue").size() == 1);
  }
}

TEST_CASE("whatever call fails, it is counted and reported, also where the result is ignored") {
  for (int at = 1;; ++at) {
    Disk disk;
    auto spool = Spool::open(disk.env, "/spool");
    REQUIRE(spool.ok());
    std::vector<std::string> lines;
    spool->failures().set_report([&](spool::CallFailures::Event event, const std::string& line) {
      if (event == spool::CallFailures::Event::failed) lines.push_back(line);
    });
    disk.env.reset();
    disk.env.fail_at = at;
    static_cast<void>(spool->admit(100, {10, 1000000, 1}, 1741938001037));
    auto claim = spool->accept(example());
    if (claim.ok()) static_cast<void>(spool->postpone(std::move(*claim), {}, 1741938002000));
    static_cast<void>(spool->count(1741938003000));
    static_cast<void>(spool->tidy(1741938003000));
    if (disk.env.calls < at) break;
    INFO(disk.env.trace.at(static_cast<std::size_t>(at) - 1));
    CHECK(spool->failures().count() == 1);
    CHECK(lines.size() == 1);
  }
}
