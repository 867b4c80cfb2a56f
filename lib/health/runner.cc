// SPDX-License-Identifier: Apache-2.0
#include "health/runner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "health/read_only_env.h"

namespace socbridge::health {
namespace {

// Requests end this much before the time limit, so that their own error is still reported.
constexpr std::int64_t kMarginMs = 100;
constexpr std::int64_t kGraceMs = 150;

// Shared with threads that may outlive run().
struct Board {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Report> reports;
  std::vector<bool> done;
  std::size_t left = 0;
};

Report blank(const Plan& plan) {
  Report report;
  report.component = plan.component->name;
  report.title = plan.component->title;
  if (plan.endpoint) report.url = plan.endpoint->url;
  return report;
}

// Fills in reports of plans that need no thread.
bool settled(const Plan& plan, Report& report) {
  if (plan.skipped) {
    report.checks.push_back(
        {"configuration", State::skipped, Cause::none, "not configured", plan.how});
    return true;
  }
  if (!plan.error.ok()) {
    report.checks.push_back({"configuration", State::unknown, Cause::configuration,
                             plan.error.message(), plan.error.hint()});
    return true;
  }
  return false;
}

Report probe_one(Env& env, const Options& options, const Plan& plan, const Deadline& deadline) {
  Probe probe(env, options, plan.endpoint, {plan.component->name, plan.component->title}, deadline);
  try {
    plan.component->probe(probe);
  } catch (const std::exception& error) {
    probe.add("probe", State::unknown, Cause::reported_error,
              std::string("the probe itself failed: ") + error.what(), "report this as a bug");
  }
  return std::move(probe.report());
}

}  // namespace

RunResult run(Env& env, const Options& options, std::vector<Plan> plans) {
  const std::int64_t started = steady_now_ms();
  const Deadline deadline = Deadline::after_ms(
      std::max<std::int64_t>(options.timeout_ms - std::min(kMarginMs, options.timeout_ms / 4), 1));
  const auto board = std::make_shared<Board>();
  board->reports.resize(plans.size());
  board->done.assign(plans.size(), false);
  // Copies, since a detached thread must not use memory that the caller has freed.
  const auto shared_options = std::make_shared<const Options>(options);
  const auto looking = std::make_shared<ReadOnlyEnv>(env);
  RunResult result;
  result.summary.checked_at_ms = wall_now_ms();
  result.summary.timeout_ms = options.timeout_ms;

  std::vector<std::size_t> to_ask;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    board->reports[i] = blank(plans[i]);
    board->done[i] = settled(plans[i], board->reports[i]);
    if (!board->done[i]) to_ask.push_back(i);
  }
  board->left = to_ask.size();
  std::vector<std::thread> threads;
  for (const std::size_t i : to_ask) {
    threads.emplace_back([board, shared_options, looking, deadline, i, plan = std::move(plans[i])] {
      Report report = probe_one(*looking, *shared_options, plan, deadline);
      const std::lock_guard lock(board->mutex);
      board->reports[i] = std::move(report);
      board->done[i] = true;
      --board->left;
      board->changed.notify_one();
    });
  }

  std::vector<bool> done;
  {
    std::unique_lock lock(board->mutex);
    const auto wait = std::chrono::milliseconds(options.timeout_ms + kGraceMs);
    board->changed.wait_for(lock, wait, [&] { return board->left == 0; });
    done = board->done;
    result.summary.reports = board->reports;
  }
  for (std::size_t t = 0; t < threads.size(); ++t) {
    if (done[to_ask[t]]) {
      threads[t].join();
      continue;
    }
    threads[t].detach();
    ++result.abandoned;
    result.summary.reports[to_ask[t]].checks.push_back(
        {"answer", State::down, Cause::unreachable,
         "its checks did not finish within " + std::to_string(options.timeout_ms) + " ms",
         "check for a hung mount or name server, or raise --timeout"});
  }
  result.summary.took_ms = steady_now_ms() - started;
  return result;
}

}  // namespace socbridge::health
