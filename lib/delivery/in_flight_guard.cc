// SPDX-License-Identifier: Apache-2.0
#include "delivery/in_flight_guard.h"

#include <utility>

namespace socbridge::delivery {
namespace {

constexpr std::int64_t kBusyMs = 1000;
// Longest that a mark can be ahead of its time: the longest request and the longest settle_ms.
constexpr std::int64_t kLongestMarkMs = 2 * 3600000;

}  // namespace

InFlightGuard::InFlightGuard(Env& env, const std::string& spool_dir,
                             const integration::Settings& settings, Job& job, bool open_end,
                             spool::InFlightTable* flights)
    : settings_(settings), job_(job) {
  if (job.finished()) return;
  const UnixMillis now = wall_now_ms();
  // The same reference at another server is another alert.
  const std::string key =
      settings.endpoint.url + "\n" + settings.endpoint.organisation + "\n" + job.key();
  auto flight =
      flights != nullptr ? flights->take(key) : spool::InFlight::take(env, spool_dir, key);
  if (!flight.ok()) {
    no_lock_ = flight.status();
    job.give_up("cannot make sure that nobody else sends it: " + flight.status().message(),
                now + kBusyMs);
    return;
  }
  if (!flight->has_value()) {
    blocked_by_ = spool::InFlight::slot_of(key);
    job.give_up("a request for the same alert is under way", now + kBusyMs);
    return;
  }
  const UnixMillis unsettled = (*flight)->unsettled_until(now, kLongestMarkMs);
  if (unsettled > 0) {
    job.give_up("a request for the same alert had no known end", unsettled);
    return;
  }
  if ((*flight)->must_ask() || open_end) job.ask_first();
  flight_ = std::move(*flight);
}

std::optional<std::uint64_t> InFlightGuard::slot() const {
  return flight_ ? std::optional(flight_->slot()) : std::nullopt;
}

http::Request InFlightGuard::next(std::int64_t timeout_ms) {
  // A mark that cannot be written (full disk) stops nothing: it matters only if we are killed now.
  if (job_.creates() && flight_) {
    const std::int64_t settle_ms = settings_.retry.settle_ms;
    const std::int64_t pause_ms = settle_ms > 0 ? timeout_ms + settle_ms : 0;
    static_cast<void>(flight_->mark(wall_now_ms() + pause_ms));
  }
  return job_.request(timeout_ms);
}

void InFlightGuard::answered(http::Outcome outcome) {
  const bool sent = job_.creates();
  const bool late = outcome.ambiguous();
  job_.answered(std::move(outcome));
  if (!flight_) return;
  if (sent && (late || job_.attempt().delivery.ambiguous)) {
    static_cast<void>(flight_->mark(wall_now_ms() + settings_.retry.settle_ms));
  } else if (sent || job_.attempt().looked_up) {
    static_cast<void>(flight_->clear());
  }
}

}  // namespace socbridge::delivery
