// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "queue/entries.h"
#include "spool/spool.h"

namespace socbridge::queue {

// Actions of an operator on entries.
//   flush    queue/: due now
//   hold     queue/ -> hold/: not sent until released
//   release  hold/ -> queue/, due now
//   requeue  dead/, corrupt/, hold/ -> queue/, due now, with its attempts reset: it gets as many
//            attempts, and as much of the alert is sent, as when it was new
//   drop     removed permanently
enum class QueueVerb { flush, hold, release, requeue, drop };

enum class QueueResult {
  done,
  in_flight,  // locked by another process: try again
  gone,       // delivered or removed meanwhile
  not_here,   // the verb does not apply to its state
  failed,
};
const char* queue_result_name(QueueResult result);

struct QueueOutcome {
  QueueResult result = QueueResult::done;
  std::string message;  // for people, empty if done
};

// Claims the entry, so that it is not taken from a sender. With `dry_run` nothing changes, and
// `done` means that the action would succeed.
QueueOutcome act_on(spool::Spool& spool, QueueVerb verb, const QueueEntry& entry, bool dry_run,
                    UnixMillis now_ms);

}  // namespace socbridge::queue
