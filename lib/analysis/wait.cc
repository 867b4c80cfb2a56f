// SPDX-License-Identifier: Apache-2.0
#include "analysis/wait.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "service/wait_unless.h"

namespace socbridge::analysis {
namespace {

constexpr std::int64_t kFirstPauseMs = 250, kLongestPauseMs = 5000;
constexpr std::int64_t kAskMs = 15000;

// Requests each job once. Returns the last failure; nothing if no time was left. A job that cannot
// be read does not stop the others; a failing server does, until the next round.
std::optional<Status> ask(thehive::Connector& connector, std::vector<thehive::Job>& jobs,
                          const Deadline& deadline, const std::function<bool()>& stop) {
  std::optional<Status> failed;
  for (thehive::Job& job : jobs) {
    if (stop() || deadline.passed()) break;
    auto now = connector.job(job.id, Deadline::after_ms(std::min(kAskMs, deadline.left_ms())));
    if (now.ok()) {
      const std::string observable = job.observable_id;
      job = std::move(*now);
      if (job.observable_id.empty()) job.observable_id = observable;
      if (!failed) failed.emplace();
      continue;
    }
    failed = now.status();
    if (failed->code() != ExitCode::refused) break;
  }
  return failed;
}

}  // namespace

Waited wait_for(thehive::Connector& connector, std::vector<thehive::Job> jobs,
                const Deadline& deadline, const std::function<bool()>& stop,
                const std::function<void(const thehive::Job&)>& on_end) {
  Waited out;
  out.running = std::move(jobs);
  const auto report_ended = [&] {
    for (const thehive::Job& job : out.running) {
      if (job.finished()) on_end(job);
    }
    std::erase_if(out.running, [](const thehive::Job& job) { return job.finished(); });
  };
  report_ended();
  std::int64_t pause_ms = kFirstPauseMs;
  while (!out.running.empty() && !deadline.passed() && !stop()) {
    static_cast<void>(wait_unless(stop, std::min(pause_ms, deadline.left_ms())));
    pause_ms = std::min(pause_ms * 3 / 2, kLongestPauseMs);
    const auto failed = ask(connector, out.running, deadline, stop);
    if (failed) out.error = *failed;
    report_ended();
    if (out.error.code() == ExitCode::auth) break;
  }
  return out;
}

}  // namespace socbridge::analysis
