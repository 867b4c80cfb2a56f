// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "relay/delivery_times.h"
#include "relay/ready_queue.h"
#include "relay/reference_queue.h"
#include "service/event_fd.h"

namespace socbridge::relay {

struct RelayOptions {
  std::size_t in_flight = 32;       // requests at most, to all destinations together
  std::size_t threads = 0;          // of workers; 0: worker_count()
  bool once = false;                // deliver what is due now, then end
  std::int64_t request_ms = 30000;  // for one request
  std::int64_t grace_ms = 10000;    // for what is in flight after it has to stop
  std::string metrics_file;         // for Prometheus, also at the end; empty: none
  std::int64_t metrics_every_ms = 10000;
  std::function<std::string()> more_metrics = {};  // stands behind them in the file; may be empty
};

// What the workers of one relay count. Each alert adds to one of the first five at most once a try.
struct RelayCounters {
  std::atomic<std::uint64_t> delivered = 0, filtered = 0, postponed = 0, dead = 0, corrupt = 0;
  // Reasons for the exit code of `once`: no settings; no answer; the queue was not updated.
  std::atomic<std::uint64_t> misconfigured = 0, unanswered = 0, unsaved = 0;
  DeliveryTimes times;  // of the delivered ones
};

// What the supervisor (relay/relay.h) and the workers of one relay share. Thread-safe.
struct RelayState {
  ReadyQueue ready;
  ReferenceQueue references;  // their entries are parked in `ready`
  RelayCounters counters;
  std::atomic<bool> scanned = false;              // what was there at the start is in `ready`
  std::atomic<bool> unread = false;               // the folder could not be read
  std::atomic<std::int64_t> last_request_ms = 0;  // monotonic: when a request was last in flight
  std::atomic<std::uint64_t> reloads = 0;         // grows: the settings are looked up again
  std::atomic<bool> stopping = false;             // begin nothing new
  std::atomic<std::int64_t> stop_at_ms = 0;  // monotonic: while stopping, give up what is open then
  EventFd worker_ended;
};

}  // namespace socbridge::relay
