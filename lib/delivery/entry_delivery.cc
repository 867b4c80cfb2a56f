// SPDX-License-Identifier: Apache-2.0
#include "delivery/entry_delivery.h"

#include <utility>

#include "delivery/destination_state.h"
#include "grouping/grouped_alerts.h"

namespace socbridge::delivery {
namespace {

constexpr std::int64_t kBusyMs = 1000;

Job make_job(Env& env, const spool::Spool& spool, std::string_view raw, const wazuh::Alert* alert,
             const integration::Settings& settings, const std::optional<spool::Reason>& before,
             const ServerVersionCache& versions) {
  Parts parts = before ? parse_parts(before->left_out) : Parts();
  const auto version = versions.recall(wall_now_ms());
  const grouping::SharedAlerts shared = grouping::shared_alerts(env, spool.state_dir(), settings);
  if (alert != nullptr) return Job(*alert, settings, std::move(parts), version, shared);
  return Job(raw, settings, std::move(parts), version, shared);
}

}  // namespace

EntryDelivery::EntryDelivery(Env& env, spool::Spool& spool, spool::Claim claim,
                             std::string_view raw_alert, UnixMillis accepted_ms,
                             const integration::Settings& settings, ServerVersionCache& versions,
                             const wazuh::Alert* alert, spool::InFlightTable* flights)
    : env_(env),
      spool_(spool),
      claim_(std::move(claim)),
      settings_(settings),
      accepted_ms_(accepted_ms),
      before_(spool.reason(claim_)),
      versions_(versions),
      job_(make_job(env, spool, raw_alert, alert, settings, before_, versions_)),
      reservation_(std::in_place, env, spool.dir(), settings, job_, before_ && before_->ambiguous,
                   flights) {}

http::Request EntryDelivery::next(std::int64_t timeout_ms) {
  return reservation_->next(timeout_ms);
}

void EntryDelivery::answered(http::Outcome outcome) {
  reservation_->answered(std::move(outcome));
  if (const auto& info = job_.learned()) versions_.remember(*info, wall_now_ms());
  if (job_.version_doubted()) versions_.forget();
}

UnixMillis EntryDelivery::others_arrived_ms() const {
  if (job_.attempt().delivery.verdict != thehive::Verdict::blocked) return 0;
  return Destination(env_, spool_.dir(), settings_).view().delivered_ms;
}

Report EntryDelivery::finish() {
  Report report;
  report.id = claim_.id();
  report.attempt = job_.attempt();
  const UnixMillis now = wall_now_ms();
  report.decision = decide(report.attempt, before_, accepted_ms_, settings_.retry, now,
                           random_chance(), others_arrived_ms());
  const Decision& decision = report.decision;
  switch (decision.fate) {
    case Fate::delivered:
      if (!job_.settled()) {
        report.settled = spool_.reschedule(claim_, now + kBusyMs);
        break;
      }
      report.settled = spool_.remove(std::move(claim_));
      break;
    case Fate::filtered: report.settled = spool_.remove(std::move(claim_)); break;
    case Fate::dead:
      report.settled = spool_.move(std::move(claim_), spool::State::dead, decision.reason);
      break;
    case Fate::corrupt:
      report.settled = spool_.move(std::move(claim_), spool::State::corrupt, decision.reason);
      break;
    case Fate::again:
      if (report.attempt.tried) {
        report.settled = spool_.postpone(std::move(claim_), decision.reason, decision.due_ms);
      } else {
        report.settled = spool_.reschedule(claim_, decision.due_ms);
      }
      break;
  }
  reservation_.reset();  // only now: until the entry is settled nobody else may take the reference
  return report;
}

}  // namespace socbridge::delivery
