// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "delivery/alert_delivery.h"
#include "integration/settings.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// What becomes of an entry after a try.
enum class Fate {
  delivered,  // in TheHive: the entry goes
  filtered,   // not for TheHive: the entry goes
  again,      // stays in queue/, due at `due_ms`
  dead,       // to dead/
  corrupt,    // to corrupt/
};
const char* fate_name(Fate fate);

struct Decision {
  Fate fate = Fate::again;
  UnixMillis due_ms = 0;
  spool::Reason reason;  // for again, dead and corrupt
};

// Pause before the next try after `failures` failures (1 and more): min, doubled with each failure
// up to max, and up to a quarter more or less by `chance` (0 to 1); never outside min to max.
std::int64_t backoff_ms(int failures, const integration::RetryPolicy& policy, double chance);

// How often an alert is sent that something before TheHive refuses, before it is given up.
inline constexpr int kBlockedTries = 5;

// Pure. A blocked alert is sent kBlockedTries times, the last time with parts left out, and given
// up when alerts have passed (`others_arrived_ms`: when one last did, 0: unknown) since it was
// first refused. Where none passes, perhaps all are refused: then not before retry.max_ms. An
// attempt that was not made (busy, no time) changes neither count nor age. An entry is given up
// after its lifetime, but only with a try that failed and not before it had 8 of them, so that
// neither an outage of the machine nor a clock that jumps ahead empties the queue. Nothing is due
// later than retry.max_ms and settle_ms together from now, whatever a server asks.
Decision decide(const Attempt& attempt, const std::optional<spool::Reason>& before,
                UnixMillis accepted_ms, const integration::RetryPolicy& policy, UnixMillis now_ms,
                double chance, UnixMillis others_arrived_ms = 0);

// Whether an entry with this next attempt is due. A time further ahead than any pause can be was
// set by a clock that was wrong: it is due.
bool is_due(std::int64_t next_attempt_ms, const integration::RetryPolicy& policy,
            UnixMillis now_ms);

double random_chance();  // 0 to 1

}  // namespace socbridge::delivery
