// SPDX-License-Identifier: Apache-2.0
#include "spool/in_flight.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::InFlight;
using spool::NamedLock;

namespace {

constexpr std::int64_t kLongest = 3600000;
constexpr UnixMillis kNow = 1741938001037;

InFlight taken(const std::string& dir, const std::string& key) {
  auto guard = InFlight::take(Env::real(), dir, key);
  REQUIRE(guard.ok());
  REQUIRE(guard->has_value());
  return std::move(**guard);
}

bool is_free(const std::string& dir, const std::string& key) {
  return InFlight::take(Env::real(), dir, key).value().has_value();
}

}  // namespace

TEST_CASE("two requests for one key are never under way, other keys are") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  {
    const InFlight first = taken(dir, "t;s;1");
    CHECK_FALSE(is_free(dir, "t;s;1"));
    CHECK(is_free(dir, "t;s;2"));
  }
  CHECK(is_free(dir, "t;s;1"));
}

TEST_CASE("a table excludes all other holders, itself too, over persistent descriptors") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  spool::InFlightTable table(Env::real(), dir);
  for (int round = 0; round < 3; ++round) {
    auto first = table.take("t;s;1");
    REQUIRE(first.ok());
    REQUIRE(first->has_value());
    CHECK_FALSE(is_free(dir, "t;s;1"));
    CHECK_FALSE(table.take("t;s;1").value().has_value());
    auto other = table.take("t;s;2");
    CHECK(other.value().has_value());
    REQUIRE((*first)->mark(kNow + 1000).ok());
    const InFlight moved = std::move(**first);
    first->reset();  // a moved-from guard releases nothing
    CHECK_FALSE(is_free(dir, "t;s;1"));
  }
  CHECK(is_free(dir, "t;s;1"));
  CHECK(taken(dir, "t;s;1").must_ask());  // marks are those of InFlight
}

TEST_CASE("a table opens the file once for concurrent requests") {
  FaultEnv env;
  REQUIRE(spool::Spool::open(env, "/spool").ok());
  spool::InFlightTable table(env, "/spool");
  env.reset();
  for (int round = 0; round < 20; ++round) CHECK(table.take("a").value().has_value());
  CHECK(std::count(env.trace.begin(), env.trace.end(), "open_rw") == 1);
}

TEST_CASE("a killed process leaves its mark but not its lock") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  int pipe_fds[2];
  REQUIRE(pipe(pipe_fds) == 0);
  const pid_t child = fork();
  if (child == 0) {
    auto guard = InFlight::take(Env::real(), dir, "t;s;1");
    const bool good = guard.ok() && guard->has_value() && (*guard)->mark(kNow + 30000).ok();
    const char answer = good ? 'y' : 'n';
    if (write(pipe_fds[1], &answer, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char answer = 0;
  REQUIRE(read(pipe_fds[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK_FALSE(is_free(dir, "t;s;1"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  InFlight after = taken(dir, "t;s;1");
  CHECK(after.must_ask());
  CHECK(after.unsettled_until(kNow, kLongest) == kNow + 30000);
  CHECK(after.unsettled_until(kNow + 30000, kLongest) == 0);
  CHECK(after.must_ask());  // still: the mark is older than the pause, not undone
  // A mark of a clock that was years ahead does not block anything.
  CHECK(after.unsettled_until(kNow - 2 * kLongest, kLongest) == 0);
  CHECK(after.clear().ok());
  close(pipe_fds[0]);
  close(pipe_fds[1]);
}

TEST_CASE("in flight: a cleared key needs no search") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  {
    InFlight one = taken(dir, "a");
    CHECK_FALSE(one.must_ask());
    REQUIRE(one.mark(kNow + 1000).ok());
    REQUIRE(one.clear().ok());
  }
  const InFlight again = taken(dir, "a");
  CHECK_FALSE(again.must_ask());
  CHECK(again.unsettled_until(kNow, kLongest) == 0);
}

TEST_CASE("a corrupt table does not cause an unlimited wait") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  auto fd = Env::real().open_rw(dir + "/in-flight", 0600);
  REQUIRE(Env::real().write_all(fd->get(), std::string(16384 * 16, '\xFF')).ok());
  CHECK(taken(dir, "a").unsettled_until(kNow, kLongest) == 0);
}

TEST_CASE("no lock, no request: a failing call is an error and never a pass") {
  for (int at = 1; at <= 3; ++at) {
    FaultEnv env;
    REQUIRE(spool::Spool::open(env, "/spool").ok());
    env.reset();
    env.fail_at = at;
    env.fail_errno = 24;  // EMFILE
    CHECK_FALSE(InFlight::take(env, "/spool", "a").ok());
  }
}

TEST_CASE("in flight: a named lock has one holder") {
  const test::TempDir folder;
  const std::string& dir = folder.path();
  auto one = NamedLock::take(Env::real(), dir, "probe");
  REQUIRE(one.value().has_value());
  CHECK_FALSE(NamedLock::take(Env::real(), dir, "probe").value().has_value());
  CHECK(NamedLock::take(Env::real(), dir, "scan").value().has_value());
  one.value().reset();
  CHECK(NamedLock::take(Env::real(), dir, "probe").value().has_value());
}
