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
  std::size_t in_flight = 32;       // most requests, to all destinations together
  std::size_t threads = 0;          // of workers; 0: worker_count()
  bool once = false;                // deliver the entries that are due, then end
  std::int64_t request_ms = 30000;  // for one request
  std::int64_t grace_ms = 10000;    // for requests in flight after a stop
  std::string metrics_file;         // for Prometheus, also written at the end; empty: none
  std::int64_t metrics_every_ms = 10000;
  std::function<std::string()> more_metrics = {};  // appended to them in the file; may be empty
};

// Counters of one relay's workers. Each attempt for an alert adds to at most one of the first five.
struct RelayCounters {
  std::atomic<std::uint64_t> delivered = 0, filtered = 0, postponed = 0, dead = 0, corrupt = 0;
  // Reasons for the exit code of `once`: no settings; no answer; the queue was not updated.
  std::atomic<std::uint64_t> misconfigured = 0, unanswered = 0, unsaved = 0;
  DeliveryTimes times;  // of the delivered ones
};

// State shared by the supervisor (relay/relay.h) and the workers of one relay. Thread-safe.
struct RelayState {
  ReadyQueue ready;
  ReferenceQueue references;  // their entries are parked in `ready`
  RelayCounters counters;
  std::atomic<bool> scanned = false;              // the entries present at the start are in `ready`
  std::atomic<bool> unread = false;               // the folder could not be read
  std::atomic<std::int64_t> last_request_ms = 0;  // monotonic: last time a request was in flight
  std::atomic<std::uint64_t> reloads = 0;         // incremented: look the settings up again
  std::atomic<bool> stopping = false;             // start nothing new
  std::atomic<std::int64_t> stop_at_ms = 0;  // monotonic: while stopping, abort open requests then
  EventFd worker_ended;
};

}  // namespace socbridge::relay
