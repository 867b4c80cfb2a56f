// SPDX-License-Identifier: Apache-2.0
#include "relay/destination_queue.h"

#include <algorithm>
#include <utility>

namespace socbridge::relay {
namespace {

// What other processes find out may be this old. Fewer requests than may be in flight anyway are
// sent in that time to a server that takes as long to answer.
constexpr std::int64_t kTrustMs = 20;

}  // namespace

DestinationQueue::DestinationQueue(Env& env, const std::string& spool_dir,
                                   std::shared_ptr<const integration::Settings> settings,
                                   std::shared_ptr<Concurrency> concurrency)
    : settings_(std::move(settings)),
      concurrency_(std::move(concurrency)),
      destination_(env, spool_dir, *settings_, kTrustMs),
      versions_(delivery::ServerVersionCache::of(env, spool_dir + "/state", *settings_, kTrustMs)),
      http_(http::MultiClient::share(settings_->http)) {}

std::optional<delivery::Destination::Pass> DestinationQueue::enter(UnixMillis now_ms,
                                                                   std::int64_t steady_ms) {
  constexpr std::int64_t kWaitMs = 20;
  // Another process may find out at any time that the destination is back.
  constexpr std::int64_t kClosedMs = 1000;
  if (steady_ms < look_again_ms_) return {};
  delivery::Destination::Pass pass = destination_.enter(now_ms);
  if (!pass.others) {
    others_since_ms_ = 0;
  } else if (others_since_ms_ == 0) {
    others_since_ms_ = steady_ms;
  }
  no_lock_ = pass.no_lock ? pass.why : std::string();
  if (pass.gate == delivery::Destination::Gate::open) {
    if (closed_) concurrency_->restart();
    closed_ = false;
    look_again_ms_ = 0;
    return pass;
  }
  if (pass.gate == delivery::Destination::Gate::wait) {
    look_again_ms_ = steady_ms + kWaitMs;
    return {};
  }
  closed_ = true;
  if (pass.no_lock) {
    look_again_ms_ = steady_ms + kClosedMs;
    return {};
  }
  look_again_ms_ = steady_ms + std::clamp<std::int64_t>(pass.until_ms - now_ms, 1, kClosedMs);
  return {};
}

}  // namespace socbridge::relay
