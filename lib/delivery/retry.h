// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "delivery/outcome.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// What becomes of a spool entry after a try.
enum class Disposition {
  delivered,  // in TheHive: removed
  filtered,   // not forwarded: removed
  retry,      // stays in queue/, due at `due_ms`
  dead,       // to dead/
  corrupt,    // to corrupt/
};

struct Decision {
  Disposition disposition = Disposition::retry;
  UnixMillis due_ms = 0;
  spool::Reason reason;  // for retry, dead and corrupt
};

// What is known of an entry before the try.
struct History {
  std::optional<spool::Reason> reason;
  UnixMillis accepted_ms = 0;
  UnixMillis last_delivery_ms = 0;  // of any alert to the same TheHive; 0: unknown
};

// Pause before the next try after `failures` failures (1 and more): min, doubled with each failure
// up to max, and up to a quarter more or less by `chance` (0 to 1); never outside min to max.
std::int64_t backoff_ms(int failures, const integration::RetryPolicy& policy, double chance);

// How often an alert is sent that something before TheHive refuses, before it goes to dead/.
inline constexpr int kBlockedTries = 5;

// Pure. A blocked alert is sent kBlockedTries times, the last time with parts left out, and goes to
// dead/ if another alert was delivered since its first refusal. If none was, perhaps all are
// refused: then not before retry.max_ms. A try without a request changes neither count nor age. An
// entry expires after its lifetime, but only with a try that failed and not before it had 8 of
// them, so that neither an outage of the machine nor a clock that jumps ahead empties the queue.
// Nothing is due later than retry.max_ms and settle_ms together from now, whatever a server asks.
Decision decide(const Outcome& outcome, const History& history,
                const integration::RetryPolicy& policy, UnixMillis now_ms, double chance);

// Whether an entry with this next attempt is due. A time further ahead than any pause can be was
// set by a wrong clock: it is due.
bool is_due(std::int64_t next_attempt_ms, const integration::RetryPolicy& policy,
            UnixMillis now_ms);

double random_chance();  // 0 to 1

}  // namespace socbridge::delivery
