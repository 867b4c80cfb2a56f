// SPDX-License-Identifier: Apache-2.0
// What a relay says of other processes and of system calls that keep alerts from being delivered.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <thread>

#include "relay_fixture.h"
#include "support/fake_clock.h"

namespace socbridge::relay {
using namespace socbridge::test;

namespace {

// A process that claims the only entry of a spool. Made before any thread.
class Claimer {
 public:
  Claimer() {
    REQUIRE(::pipe(orders_.data()) == 0);
    REQUIRE(::pipe(answers_.data()) == 0);
    pid_ = ::fork();
    if (pid_ == 0) work();
  }
  void claim(const std::string& dir) {
    const std::string order = dir + "\n";
    REQUIRE(::write(orders_[1], order.data(), order.size()) == std::ssize(order));
    char byte = '0';
    REQUIRE(::read(answers_[0], &byte, 1) == 1);
    REQUIRE(byte == '1');
  }
  ~Claimer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    for (const int fd : {orders_[0], orders_[1], answers_[0], answers_[1]}) ::close(fd);
  }
  Claimer(const Claimer&) = delete;
  Claimer& operator=(const Claimer&) = delete;
  void stop() const {
    ::kill(pid_, SIGSTOP);
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, WUNTRACED) == pid_);
    REQUIRE(WIFSTOPPED(status));
  }
  std::string pid() const { return std::to_string(pid_); }

 private:
  [[noreturn]] void work() const {
    std::string dir;
    for (char byte = 0; byte != '\n';) {
      if (::read(orders_[0], &byte, 1) != 1) _exit(1);
      if (byte != '\n') dir += byte;
    }
    auto spool = spool::Spool::open(Env::real(), dir);
    const auto list = spool->list(spool::State::queue);
    const auto claim = spool->claim(spool::State::queue, list->front().id);
    const char byte = claim.ok() && claim->has_value() ? '1' : '0';
    if (::write(answers_[1], &byte, 1) != 1) _exit(1);
    for (;;) ::pause();
  }

  std::array<int, 2> orders_{}, answers_{};
  pid_t pid_ = 0;
};

// Runs once, while time passes quickly.
ExitCode run_once(FakeClock& clock, RelayFixture& fixture) {
  RelayOptions options = with_threads(1);
  options.once = true;
  std::atomic<bool> done = false;
  std::thread time([&] {
    while (!done) {
      clock.advance_ms(100);
      ::usleep(1000);
    }
  });
  Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
  const ExitCode code = relay.run(fixture.signals, fixture.manager);
  done = true;
  time.join();
  return code;
}

}  // namespace

TEST_CASE("a process that holds an alert is named, and how to make one that is stopped go on") {
  Claimer other;
  FakeClock clock;
  RelayFixture fixture;
  fixture.accept(1);
  other.claim(fixture.spool.dir());
  SECTION("at work") {
    CHECK(run_once(clock, fixture) == ExitCode::degraded);
    CHECK_THAT(fixture.lines, Catch::Contains("process " + other.pid() + " (") &&
                                  Catch::Contains(") holds alerts that wait\n"));
  }
  SECTION("stopped") {
    other.stop();
    CHECK(run_once(clock, fixture) == ExitCode::degraded);
    CHECK_THAT(fixture.lines,
               Catch::Contains(", stopped) holds alerts that wait: resume it (kill -CONT " +
                               other.pid() + ") or end it\n"));
  }
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE("where no other process is seen to hold an alert that is said") {
  FakeClock clock;
  RelayFixture fixture;
  fixture.accept(1);
  const auto list = fixture.spool.list(spool::State::queue);
  const auto claim = fixture.spool.claim(spool::State::queue, list->front().id);
  REQUIRE(claim->has_value());
  CHECK(run_once(clock, fixture) == ExitCode::degraded);
  CHECK_THAT(fixture.lines, Catch::Contains("another process holds alerts that wait; /proc does "
                                            "not show which\n"));
}

TEST_CASE("system calls on the spool that fail are in the log and in the metrics while it runs") {
  RelayFixture fixture;
  const std::string path = fixture.spool.dir() + "/queue/x.alert";
  Status full = Status::error(ExitCode::failure, "write " + path + ": No space left on device");
  full.with_errno(ENOSPC);
  fixture.spool.failures().failed("write", path, full);  // found before: said at the start
  {
    RelayOptions options = with_threads(1);
    options.once = true;
    Relay relay(Env::real(), fixture.spool, fixture.accounts, options, fixture.log);
    relay.run(fixture.signals, fixture.manager);
    CHECK_THAT(fixture.lines, Catch::Contains("No space left on device"));
    CHECK_THAT(relay.metrics(), Catch::Contains("socbridge_relay_spool_errors_total 1\n"));
    fixture.spool.failures().worked("write", path);
    CHECK_THAT(fixture.lines, Catch::Contains("again"));
  }
  const std::string before = fixture.lines;
  full.with_errno(EIO);
  fixture.spool.failures().failed("write", path, full);
  CHECK(fixture.lines == before);  // that relay is gone
}

}  // namespace socbridge::relay
