// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "relay/delivery_times.h"

namespace socbridge::relay {

struct RelayCounts {
  std::uint64_t delivered = 0, filtered = 0, postponed = 0, dead = 0, corrupt = 0;
};

// A snapshot of one relay.
struct RelayView {
  RelayCounts counts;           // since its start
  DeliveryTimes::Counts times;  // of the delivered ones
  std::uint64_t in_flight = 0, waiting = 0;
  std::uint64_t held = 0;                            // by other processes for over a minute
  std::uint64_t spool_errors = 0;                    // failed system calls on the spool
  std::uint64_t key_refused = 0, not_answering = 0;  // blocked destinations, by reason
  UnixMillis started_ms = 0;
};

// Text exposition format, for the textfile collector of Prometheus' node exporter; docs/relay.md
// has the names.
std::string relay_prometheus(const RelayView& view, UnixMillis now_ms);

}  // namespace socbridge::relay
