// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/stats.h"
#include "service/prometheus_text.h"

namespace socbridge::queue {

// Writes the families of the queue. Changes the prefix of `out`.
void write_queue_metrics(PrometheusText& out, const QueueStats& stats, UnixMillis now_ms);

// Text exposition format, for the textfile collector of Prometheus' node exporter; docs/queue.md
// has the names. `now_ms`: time when the queue was read.
std::string queue_prometheus(const QueueStats& stats, UnixMillis now_ms);

}  // namespace socbridge::queue
