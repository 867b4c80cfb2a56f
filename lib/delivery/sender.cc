// SPDX-License-Identifier: Apache-2.0
#include "delivery/sender.h"

#include <algorithm>
#include <utility>

#include "service/wait_unless.h"

namespace socbridge::delivery {
namespace {

constexpr mode_t kFolderMode = 0700, kFileMode = 0600;
constexpr std::int64_t kLongPauseMs = 2000;
constexpr const char* kNoTime = "the time budget was used up before the request was sent";

SendPolicy with_dir(SendPolicy policy) {
  if (policy.spool != nullptr) policy.spool_dir = policy.spool->dir();
  return policy;
}

// The part of the remaining time for a request. The rest is for the key check after a timeout,
// which shows whether TheHive fails for this alert only.
std::int64_t request_ms(const Delivery& delivery, const Deadline& deadline) {
  constexpr std::int64_t kShare = 5, kMostMs = 2000;
  const std::int64_t left = deadline.left_ms();
  return delivery.creates() ? left - std::min(left / kShare, kMostMs) : left;
}

std::string version_dir(const SendPolicy& policy) {
  return policy.memory == SendPolicy::Memory::groups_and_version ? policy.spool_dir + "/state" : "";
}

Outcome without_permit(const CircuitBreaker::Permit& permit) {
  Outcome outcome;
  outcome.postponed = permit.why;
  outcome.message = permit.message;
  outcome.not_before_ms = permit.until_ms;
  return outcome;
}

}  // namespace

Sender::SharedFolder Sender::shared_folder(Env& env, const SendPolicy& policy) {
  if (policy.spool != nullptr) {
    return {std::shared_ptr<Env>(std::shared_ptr<Env>(), &policy.spool->env()), policy.spool_dir,
            true};
  }
  if (!policy.spool_dir.empty()) {
    if (const auto folder = env.within(policy.spool_dir); folder.ok()) {
      const auto state = (*folder)->stat(policy.spool_dir + "/state");
      if (state.ok() && state->is_dir()) return {*folder, policy.spool_dir, true};
    }
  }
  const std::string& dir = policy.lock_dir;
  if (dir.empty() || !env.make_dirs(dir, kFolderMode).ok()) return {};
  const auto folder = env.within(dir);
  if (!folder.ok() || !(*folder)->open_rw(dir + "/in-flight", kFileMode).ok()) return {};
  return {*folder, dir, false};
}

Sender::Sender(Env& env, http::Client& http, const integration::Settings& settings,
               SendPolicy policy)
    : http_(http),
      settings_(settings),
      policy_(with_dir(std::move(policy))),
      folder_(shared_folder(env, policy_)),
      versions_(ServerVersionCache::of(folder_.is_spool ? *folder_.env : env, version_dir(policy_),
                                       settings)),
      channel_{folder_.env ? *folder_.env : env, settings, folder_.dir, {}, versions_} {
  channel_.without_lock = policy_.without_lock;
  if (!folder_.is_spool) return;
  if (policy_.memory != SendPolicy::Memory::none) {
    channel_.state_dir = policy_.spool_dir + "/state";
  }
  if (policy_.breaker == SendPolicy::Breaker::ignore) return;
  breaker_.emplace(*folder_.env, policy_.spool_dir, settings);
  channel_.breaker = &*breaker_;
}

Report Sender::try_once(const AlertInput& input, std::optional<StoredEntry> entry,
                        const Deadline& deadline) {
  CircuitBreaker::Permit permit;
  if (breaker_ && policy_.breaker == SendPolicy::Breaker::obey) {
    permit = breaker_->acquire(deadline);
    const bool go_anyway = permit.why == Outcome::Postponed::lock_unavailable &&
                           policy_.without_lock == WithoutLock::send;
    if (!permit.granted() && !go_anyway) {
      Report report;
      report.outcome = without_permit(permit);
      return report;
    }
  }
  Delivery delivery(channel_, input, std::move(entry), std::move(permit));
  while (!delivery.finished()) {
    if (deadline.passed()) {
      delivery.give_up(Outcome::Postponed::no_time, kNoTime);
    } else {
      delivery.answered(http_.perform(delivery.next(request_ms(delivery, deadline))));
    }
  }
  Report report = delivery.finish();
  log(report);
  return report;
}

Report Sender::send(const AlertInput& input, StoredEntry entry, const Deadline& deadline) {
  return try_once(input, std::move(entry), deadline);
}

Outcome Sender::send(AlertInput input, std::int64_t budget_ms) {
  for (int tries = 0;; ++tries) {
    Outcome outcome = try_once(input, {}, Deadline::after_ms(budget_ms)).outcome;
    if (!outcome.may_pass_later() || !pause(tries, outcome)) return outcome;
    input.ambiguous_before = input.ambiguous_before || outcome.ambiguous;
  }
}

// False if there is no further attempt.
bool Sender::pause(int tries, const Outcome& outcome) const {
  if (tries + 1 >= policy_.tries) return false;
  std::int64_t wanted_ms = outcome.retry_after_ms;
  if (outcome.ambiguous) wanted_ms = std::max(wanted_ms, settings_.retry.settle_ms);
  if (outcome.not_before_ms > 0) {
    wanted_ms = std::max(wanted_ms, outcome.not_before_ms - wall_now_ms());
  }
  const std::int64_t pause_ms = retry_pause_ms(tries, wanted_ms);
  if (pause_ms >= kLongPauseMs) {
    log("INFO", "trying again in " + std::to_string(pause_ms / 1000) + " s: " + outcome.message);
  }
  return wait_unless(policy_.stop, pause_ms);
}

void Sender::log(const Report& report) const {
  const Outcome& outcome = report.outcome;
  if (const auto& notice = report.notice) {
    // Without an entry the caller reports the failure itself.
    const bool good = notice->level == CircuitBreaker::Notice::Level::info;
    if (good || report.decision) log(good ? "INFO" : "ERROR", notice->text);
  }
  if (!outcome.remark.empty()) log("WARNING", outcome.remark);
  if (!report.settled.ok()) log("WARNING", "the queue was not updated: " + report.settled.line());
  if (outcome.arrived() && outcome.kind == Outcome::Kind::created && !outcome.left_out.empty()) {
    log("WARNING",
        "delivered " + outcome.source_ref +
            " in part, because TheHive refused the original: " + describe_parts(outcome.left_out));
  }
  if (report.decision && report.decision->disposition == Disposition::dead && report.settled.ok()) {
    log("ERROR", "given up: " + report.decision->reason.message + "; kept in " + policy_.spool_dir +
                     "/dead/" + report.id);
  }
}

void Sender::log(std::string_view level, const std::string& text) const {
  if (policy_.log) policy_.log(level, text);
}

SendPolicy retrying_policy(std::string spool_dir, std::function<bool()> stop) {
  SendPolicy policy;
  policy.spool_dir = std::move(spool_dir);
  policy.memory = SendPolicy::Memory::groups;
  policy.tries = kTries;
  policy.stop = std::move(stop);
  return policy;
}

std::int64_t retry_pause_ms(int tries, std::int64_t wanted_ms) {
  constexpr std::int64_t kFirstMs = 500;
  constexpr std::int64_t kLongestMs = 60000;
  return std::min(std::max(wanted_ms, kFirstMs << tries), kLongestMs);
}

}  // namespace socbridge::delivery
