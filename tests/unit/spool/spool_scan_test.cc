// SPDX-License-Identifier: Apache-2.0
// What is in a spool, and what crashes left in it.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Entry;
using spool::Spool;
using spool::State;

namespace {

constexpr UnixMillis kNow = 1741938001037;
constexpr UnixMillis kLater = kNow + 7200000;
constexpr const char* kId = "1741938001037-0123456789abcdef";

Spool open(Env& env, const std::string& path) {
  auto opened = Spool::open(env, path);
  REQUIRE(opened.ok());
  return std::move(*opened);
}

struct Fresh {
  Fresh() : spool(open(Env::real(), folder.path())) {}
  // A file of that age at kNow.
  void old(const std::string& name) const {
    folder.write(name, "x");
    auto fd = Env::real().open_rw(folder / name, 0600);
    REQUIRE(Env::real().set_mtime_ms(fd->get(), kNow).ok());
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

TEST_CASE("tidy takes what crashes left, and nothing else") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  const std::string id = accept(spool);
  auto claim = spool.claim(State::queue, id);
  REQUIRE(spool.postpone(std::move(**claim), {}, kNow).ok());
  Env& env = Env::real();
  const std::string orphan = spool.dir() + "/queue/1741938001037-0123456789abcdef.reason";
  const std::string half = spool.dir() + "/tmp/1741938001037-0123456789abcdef.alert";
  for (const std::string& path : {orphan, half}) {
    auto fd = env.create_new(path, 0600);
    REQUIRE(env.set_mtime_ms(fd->get(), kNow).ok());
  }
  CHECK(spool.tidy(kNow + 60000).value() == 0);  // a process may still write them
  CHECK(spool.tidy(kNow + 7200000).value() == 2);
  CHECK(spool.list(State::queue)->size() == 1);
  CHECK(spool.reason(State::queue, id).has_value());
}

TEST_CASE("ids come one at a time until the visitor has enough") {
  Fresh fresh;
  Spool& spool = fresh.spool;
  for (int i = 0; i < 10; ++i) accept(spool);
  int seen = 0;
  REQUIRE(spool.for_each(State::queue, [&](std::string_view) { return ++seen < 4; }).ok());
  CHECK(seen == 4);
}

TEST_CASE("tidy leaves what a process holds, and folders and links, in tmp/") {
  Fresh fresh;
  fresh.old("tmp/held.alert");
  fresh.folder.folder("tmp/folder");
  fresh.folder.write("target", "x");
  REQUIRE(::symlink("../target", (fresh.folder / "tmp/link").c_str()) == 0);
  const auto held = Env::real().open_read(fresh.folder / "tmp/held.alert");
  REQUIRE(Env::real().try_lock(held->get()).value());
  CHECK(fresh.spool.tidy(kLater * 2).value() == 0);
  for (const char* name : {"tmp/held.alert", "tmp/folder", "target"}) CHECK(fresh.folder.has(name));
}

TEST_CASE("tidy takes reasons without an entry in each state, and no file with another name") {
  Fresh fresh;
  const std::string reason = std::string(kId) + ".reason";
  for (const char* state : {"queue/", "hold/", "dead/", "corrupt/"}) {
    fresh.old(state + reason);
    fresh.old(std::string(state) + "notes.reason");
  }
  CHECK(fresh.spool.tidy(kNow + 3599999).value() == 0);
  CHECK(fresh.spool.tidy(kNow + 3600000).value() == 4);
  CHECK(fresh.folder.has("dead/notes.reason"));
  CHECK_FALSE(fresh.folder.has("dead/" + reason));
}

TEST_CASE("tidy takes no reason of an entry that is there, whatever call fails") {
  for (int at = 1;; ++at) {
    FaultEnv env;
    Spool spool = open(env, "/spool");
    const std::string id = accept(spool);
    auto claim = spool.claim(State::queue, id);
    REQUIRE(claim.ok());
    REQUIRE(claim->has_value());
    REQUIRE(spool.postpone(std::move(**claim), {}, kNow).ok());
    env.reset();
    env.fail_at = at;
    env.fail_errno = EIO;
    static_cast<void>(spool.tidy(wall_now_ms() + kLater));
    if (env.calls < at) break;
    INFO(env.trace.at(static_cast<std::size_t>(at) - 1));
    CHECK(env.names("/spool/queue") == std::vector<std::string>{id + ".alert", id + ".reason"});
  }
}

TEST_CASE(
    "entries are listed in order of acceptance with size and next time, other files are not") {
  Fresh fresh;
  const std::string first = "1741938001037-", second = "1741938001038-";
  const std::string ids[] = {first + "00000000000000ff", first + "ff00000000000000",
                             second + "0000000000000000"};
  for (const std::string& id : {ids[2], ids[0], ids[1]}) fresh.old("queue/" + id + ".alert");
  for (const std::string& other :
       {ids[0] + ".reason", ids[0] + ".alert.new", std::string("x.alert"),
        ids[0].substr(1) + ".alert", std::string("1741938001037-0123456789ABCDEF.alert")}) {
    fresh.old("queue/" + other);
  }
  const auto listed = fresh.spool.list(State::queue);
  REQUIRE(listed.ok());
  REQUIRE(listed->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK((*listed)[i].id == ids[i]);
  CHECK((*listed)[0].bytes == 1);
  CHECK((*listed)[0].next_attempt_ms == kNow);
  CHECK(fresh.spool.list(State::dead)->empty());
}

TEST_CASE("what is asked of one entry is empty if it is gone, and an id is never a path") {
  Fresh fresh;
  const std::string id = accept(fresh.spool);
  REQUIRE(fresh.spool.info(State::queue, id));
  CHECK(fresh.spool.info(State::queue, id)->bytes > 100);
  CHECK_FALSE(fresh.spool.info(State::dead, id));
  CHECK_FALSE(fresh.spool.info(State::queue, kId));
  fresh.old("outside.alert");
  for (const char* odd : {"", "../outside", "../../outside", "."}) {
    CAPTURE(odd);
    CHECK_FALSE(fresh.spool.info(State::queue, odd));
  }
  CHECK(fresh.spool.entry_path(State::hold, kId) == fresh.spool.dir() + "/hold/" + kId + ".alert");
}

TEST_CASE("a reader takes a spool without its folders as an empty one, others as an error") {
  const test::TempDir folder;
  auto reader = Spool::open_read_only(Env::real(), folder.path());
  REQUIRE(reader.ok());
  CHECK(reader->list(State::queue)->empty());
  CHECK_FALSE(folder.has("queue"));
  Fresh fresh;
  REQUIRE(::rmdir((fresh.folder / "hold").c_str()) == 0);
  CHECK(fresh.spool.list(State::hold).status().sys_errno() == ENOENT);
  CHECK_FALSE(fresh.spool.tidy(kLater).ok());
}
