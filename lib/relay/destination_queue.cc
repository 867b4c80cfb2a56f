// SPDX-License-Identifier: Apache-2.0
#include "relay/destination_queue.h"

#include <algorithm>
#include <utility>

namespace socbridge::relay {
namespace {

// Findings of other processes may be this old. In that time, fewer requests are sent to a slow
// server than may be in flight anyway.
constexpr std::int64_t kTrustMs = 20;

}  // namespace

DestinationQueue::DestinationQueue(Env& env, const std::string& spool_dir,
                                   std::shared_ptr<const integration::Settings> settings,
                                   std::shared_ptr<Concurrency> concurrency,
                                   spool::InFlightTable& in_flight_table)
    : settings_(std::move(settings)),
      concurrency_(std::move(concurrency)),
      breaker_(env, spool_dir, *settings_, kTrustMs),
      versions_(delivery::ServerVersionCache::of(env, spool_dir + "/state", *settings_, kTrustMs)),
      channel_{env,       *settings_, spool_dir,       spool_dir + "/state",
               versions_, &breaker_,  &in_flight_table},
      http_(http::MultiClient::share(settings_->http)) {}

std::optional<delivery::CircuitBreaker::Permit> DestinationQueue::try_acquire(
    UnixMillis now_ms, std::int64_t steady_ms) {
  constexpr std::int64_t kWaitMs = 20;
  // Another process may find at any time that the destination is up again.
  constexpr std::int64_t kRefusedMs = 1000;
  using Permit = delivery::CircuitBreaker::Permit;
  if (steady_ms < next_try_ms_) return {};
  Permit permit = breaker_.try_acquire(now_ms);
  if (!permit.probing) {
    probing_since_ms_ = 0;
  } else if (probing_since_ms_ == 0) {
    probing_since_ms_ = steady_ms;
  }
  const bool no_lock = permit.why == delivery::Outcome::Postponed::lock_unavailable;
  lock_error_ = no_lock ? permit.message : std::string();
  switch (permit.result) {
    case Permit::Result::granted:
      if (refused_) concurrency_->restart();
      refused_ = false;
      next_try_ms_ = 0;
      return permit;
    case Permit::Result::wait: next_try_ms_ = steady_ms + kWaitMs; return {};
    case Permit::Result::refused: break;
  }
  refused_ = true;
  const std::int64_t pause =
      no_lock ? kRefusedMs : std::clamp<std::int64_t>(permit.until_ms - now_ms, 1, kRefusedMs);
  next_try_ms_ = steady_ms + pause;
  return {};
}

std::string DestinationQueue::label() const {
  const std::string& name = settings_->destination;
  return settings_->endpoint.url + (name.empty() ? "" : " (" + name + ")");
}

std::optional<BlockedDestination> DestinationQueue::blocked(std::int64_t steady_ms,
                                                            std::int64_t least_probing_ms) const {
  using Reason = BlockedDestination::Reason;
  const std::string url = label();
  if (probing_since_ms_ > 0 && steady_ms - probing_since_ms_ >= least_probing_ms) {
    return BlockedDestination{url, Reason::probing,
                              "another process is testing whether it answers"};
  }
  if (!lock_error_.empty()) return BlockedDestination{url, Reason::lock_unavailable, lock_error_};
  delivery::CircuitBreaker::View view = breaker_.view();
  if (!view.blocked()) return {};
  return BlockedDestination{url, view.state == "auth" ? Reason::key_refused : Reason::breaker_open,
                            std::move(view.message)};
}

}  // namespace socbridge::relay
