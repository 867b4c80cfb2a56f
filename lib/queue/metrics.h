// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/stats.h"

namespace socbridge::queue {

// Text exposition format, for the textfile collector of Prometheus' node exporter; the names are
// docs/queue.md's. `now_ms`: when the queue was read.
std::string queue_prometheus(const QueueStats& stats, UnixMillis now_ms);

}  // namespace socbridge::queue
