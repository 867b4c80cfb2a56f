// SPDX-License-Identifier: Apache-2.0
#include "health/runner.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "health/read_only_env.h"

namespace socbridge::health {
namespace {

std::atomic<bool> release{false};
std::atomic<int> still_stuck{0};

void quick(Probe& probe) { probe.ok("answer", "at once"); }

// Hangs without reacting to its deadline, as in a system call on a dead mount.
void stuck(Probe& probe) {
  ++still_stuck;
  while (!release) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  probe.ok("answer", "too late");
  --still_stuck;
}

void fails(Probe&) { throw std::runtime_error("boom"); }

void writes(Probe& probe) {
  const Status made = probe.env().mkdir("/tmp/socbridge-health-must-not-be-made", 0700);
  probe.add("mkdir", made.ok() ? State::ok : State::degraded, Cause::reported_error,
            made.message());
}

void waits(Probe& probe) {
  std::this_thread::sleep_for(std::chrono::milliseconds(probe.deadline().left_ms()));
  probe.add("answer", State::down, Cause::unreachable, "in its own words");
}

constexpr Component kQuick{"quick", "Quick", "", quick, nullptr};
constexpr Component kStuck{"stuck", "Stuck", "", stuck, nullptr};
constexpr Component kFails{"fails", "Fails", "", fails, nullptr};
constexpr Component kWrites{"writes", "Writes", "", writes, nullptr};
constexpr Component kWaits{"waits", "Waits", "", waits, nullptr};

std::vector<Plan> plans(std::initializer_list<const Component*> components) {
  std::vector<Plan> out;
  for (const Component* component : components) {
    Plan plan;
    plan.component = component;
    out.push_back(std::move(plan));
  }
  return out;
}

}  // namespace

TEST_CASE(
    "probes that wait for their deadline all end within the time, in the order of the plans") {
  Options options;
  options.timeout_ms = 400;
  const std::int64_t started = steady_now_ms();
  const RunResult result = run(
      Env::real(), options, plans({&kWaits, &kQuick, &kWaits, &kWaits, &kWaits, &kWaits, &kWaits}));
  CHECK(steady_now_ms() - started < 650);
  CHECK(result.abandoned == 0);
  REQUIRE(result.summary.reports.size() == 7);
  CHECK(result.summary.reports[0].checks[0].detail == "in its own words");
  CHECK(result.summary.reports[1].component == "quick");
  CHECK(result.summary.reports[1].state() == State::ok);
}

TEST_CASE("a probe that never returns is down and abandoned") {
  Options options;
  options.timeout_ms = 200;
  const std::int64_t started = steady_now_ms();
  const RunResult result = run(Env::real(), options, plans({&kStuck, &kQuick}));
  CHECK(steady_now_ms() - started < 600);
  CHECK(result.abandoned == 1);
  CHECK(result.summary.reports[0].state() == State::down);
  CHECK(result.summary.reports[0].checks[0].cause == Cause::unreachable);
  CHECK(result.summary.reports[1].state() == State::ok);
  release = true;  // so that the thread ends before this program
  while (still_stuck > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_CASE("a failing probe reports it and does not affect the others") {
  const RunResult result = run(Env::real(), {}, plans({&kFails, &kQuick}));
  CHECK(result.summary.reports[0].state() == State::unknown);
  CHECK(result.summary.reports[0].checks[0].detail.find("boom") != std::string::npos);
  CHECK(result.summary.reports[1].state() == State::ok);
}

TEST_CASE("runner: a probe can change nothing") {
  const RunResult result = run(Env::real(), {}, plans({&kWrites}));
  CHECK(result.summary.reports[0].state() == State::degraded);
  CHECK_FALSE(Env::real().stat("/tmp/socbridge-health-must-not-be-made").ok());
}

TEST_CASE("skipped or misconfigured components get no request") {
  auto list = plans({&kFails, &kFails});
  list[0].skipped = true;
  list[0].how = "do this";
  list[1].error = Status::error(ExitCode::usage, "no key", "give one");
  const RunResult result = run(Env::real(), {}, std::move(list));
  CHECK(result.summary.reports[0].state() == State::skipped);
  CHECK(result.summary.reports[0].checks[0].next == "do this");
  CHECK(result.summary.reports[1].state() == State::unknown);
  CHECK(result.summary.reports[1].checks[0].cause == Cause::configuration);
}

}  // namespace socbridge::health
