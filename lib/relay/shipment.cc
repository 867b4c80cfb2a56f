#include "relay/shipment.h"

#include <utility>

namespace socbridge::relay {
namespace {

constexpr std::int64_t kBusyMs = 1000;
// Longest that a mark can be ahead of its time: the longest request and the longest settle_ms.
constexpr std::int64_t kLongestMarkMs = 2 * 3600000;

std::string version_dir(const Settings& settings, const spool::Spool& spool) {
  return settings.thehive_version == "auto" ? spool.state_dir() : std::string();
}

Job make_job(std::string_view raw, const wazuh::Alert* alert, const Settings& settings,
             const std::optional<spool::Reason>& before, const VersionMemory& versions) {
  Parts parts = before ? parse_parts(before->left_out) : Parts();
  const auto version = versions.recall(wall_now_ms());
  if (alert != nullptr) return Job(*alert, settings, std::move(parts), version);
  return Job(raw, settings, std::move(parts), version);
}

}  // namespace

Shipment::Shipment(Env& env, spool::Spool& spool, spool::Claim claim, std::string_view raw_alert,
                   UnixMillis accepted_ms, const Settings& settings, const wazuh::Alert* alert)
    : env_(env),
      spool_(spool),
      claim_(std::move(claim)),
      settings_(settings),
      accepted_ms_(accepted_ms),
      before_(spool.reason(claim_.state(), claim_.id())),
      versions_(env, version_dir(settings, spool), settings.endpoint.url),
      job_(make_job(raw_alert, alert, settings, before_, versions_)) {
  if (!job_.finished()) reserve();
}

void Shipment::reserve() {
  const UnixMillis now = wall_now_ms();
  // The same reference at another server is another alert.
  auto flight = spool::InFlight::take(
      env_, spool_.dir(),
      settings_.endpoint.url + "\n" + settings_.endpoint.organisation + "\n" + job_.key());
  if (!flight.ok()) {
    job_.give_up("cannot make sure that nobody else sends it: " + flight.status().message(),
                 now + kBusyMs);
    return;
  }
  if (!flight->has_value()) {
    job_.give_up("a request for the same alert is under way", now + kBusyMs);
    return;
  }
  const UnixMillis unsettled = (*flight)->unsettled_until(now, kLongestMarkMs);
  if (unsettled > 0) {
    job_.give_up("a request for the same alert had no known end", unsettled);
    return;
  }
  if ((*flight)->must_ask() || (before_ && before_->ambiguous)) job_.ask_first();
  flight_ = std::move(*flight);
}

http::Request Shipment::next(std::int64_t timeout_ms) {
  // A mark that cannot be written (full disk) stops nothing: it matters only if we are killed now.
  if (job_.creates() && flight_) {
    const std::int64_t settle_ms = settings_.retry.settle_ms;
    const std::int64_t pause_ms = settle_ms > 0 ? timeout_ms + settle_ms : 0;
    static_cast<void>(flight_->mark(wall_now_ms() + pause_ms));
  }
  return job_.request(timeout_ms);
}

void Shipment::answered(http::Outcome outcome) {
  const bool sent = job_.creates();
  const bool late = outcome.ambiguous();
  job_.answered(std::move(outcome));
  if (const auto& info = job_.learned()) versions_.remember(*info, wall_now_ms());
  if (job_.version_doubted()) versions_.forget();
  if (!flight_) return;
  if (sent && (late || job_.attempt().delivery.ambiguous)) {
    static_cast<void>(flight_->mark(wall_now_ms() + settings_.retry.settle_ms));
  } else if (sent || job_.attempt().looked_up) {
    static_cast<void>(flight_->clear());
  }
}

Report Shipment::finish() {
  Report report;
  report.id = claim_.id();
  report.attempt = job_.attempt();
  const UnixMillis now = wall_now_ms();
  report.decision =
      decide(report.attempt, before_, accepted_ms_, settings_.retry, now, random_chance());
  const Decision& decision = report.decision;
  switch (decision.fate) {
    case Fate::delivered:
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
  flight_.reset();  // only now: until the entry is settled nobody else may take the reference
  return report;
}

}  // namespace socbridge::relay
