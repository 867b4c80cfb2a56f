// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "delivery/outcome.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// What to do with a spool entry after an attempt.
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

// Data on an entry before the attempt.
struct History {
  std::optional<spool::Reason> reason;
  UnixMillis accepted_ms = 0;
  UnixMillis last_delivery_ms = 0;  // of any alert to the same TheHive; 0: unknown
};

// Pause before the next attempt after `failures` failures (1 and more): min, doubled with each
// failure up to max, varied by up to a quarter by `chance` (0 to 1), and always from min to max.
std::int64_t backoff_ms(int failures, const integration::RetryPolicy& policy, double chance);

// Attempts for an alert that a proxy or firewall refuses, before it goes to dead/.
inline constexpr int kBlockedTries = 5;

// Pure. A blocked alert gets kBlockedTries attempts, the last one with parts omitted, and goes to
// dead/ if another alert was delivered since its first refusal. If none was, all alerts may be
// refused: then not before retry.max_ms. An attempt without a request changes neither count nor
// age. An entry expires after its lifetime, but only after a failed attempt and at least 8 of them,
// so that neither an outage of the machine nor a clock that jumps ahead empties the queue. Nothing
// is due later than retry.max_ms and settle_ms together from now, whatever a server requests.
Decision decide(const Outcome& outcome, const History& history,
                const integration::RetryPolicy& policy, UnixMillis now_ms, double chance);

// Whether an entry with this next attempt is due. A time further ahead than any pause comes from a
// wrong clock: the entry is due.
bool is_due(std::int64_t next_attempt_ms, const integration::RetryPolicy& policy,
            UnixMillis now_ms);

double random_chance();  // 0 to 1

}  // namespace socbridge::delivery
