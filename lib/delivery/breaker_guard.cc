// SPDX-License-Identifier: Apache-2.0
#include "delivery/breaker_guard.h"

#include <chrono>
#include <thread>

#include "thehive/client.h"

namespace socbridge::delivery {
namespace {

constexpr std::int64_t kLookAgainMs = 5;

}  // namespace

BreakerGuard::BreakerGuard(Env& env, const std::string& spool_dir, http::Client& http,
                           const integration::Settings& settings)
    : http_(http), settings_(settings), destination_(env, spool_dir, settings) {}

std::optional<Destination::Pass> BreakerGuard::enter(const Deadline& deadline) {
  while (true) {
    Destination::Pass pass = destination_.enter(wall_now_ms());
    if (pass.gate == Destination::Gate::closed) {
      why_ = pass.why;
      until_ms_ = pass.until_ms;
      no_lock_ = pass.no_lock;
      return {};
    }
    if (pass.gate == Destination::Gate::wait) {
      if (deadline.left_ms() <= kLookAgainMs) {
        waited_in_vain_ = true;
        why_ = "others are finding out whether TheHive takes the key";
        until_ms_ = 0;
        return {};
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(kLookAgainMs));
      continue;
    }
    if (pass.ask_key) {
      http::Outcome outcome = http_.perform(destination_.key_request(deadline.left_ms()));
      thehive::hide_key(outcome, settings_.endpoint.key);
      if (!destination_.key_answered(outcome, wall_now_ms())) {
        const Destination::View now = destination_.view();
        why_ = now.message;
        until_ms_ = now.until_ms;
        return {};
      }
    }
    return pass;
  }
}

std::optional<Destination::Notice> BreakerGuard::report(const Attempt& attempt) {
  return destination_.report(attempt, wall_now_ms());
}

bool BreakerGuard::key_is_refused() const { return destination_.view().state == "auth"; }

}  // namespace socbridge::delivery
