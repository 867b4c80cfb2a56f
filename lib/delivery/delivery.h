// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "delivery/alert_requests.h"
#include "delivery/circuit_breaker.h"
#include "delivery/retry.h"
#include "delivery/server_version.h"
#include "spool/in_flight.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// How to send an alert if the in-flight table of the spool cannot be used.
enum class WithoutLock { postpone, send };

// Shared by the deliveries of one thread to one TheHive. All members must outlive them.
struct Channel {
  Env& env;
  const integration::Settings& settings;
  std::string spool_dir;  // of this machine; empty: no other process sends
  std::string state_dir;  // counters of groups and caps; empty: none
  ServerVersionCache& versions;
  CircuitBreaker* breaker = nullptr;                // receives the outcome
  spool::InFlightTable* in_flight_table = nullptr;  // of the spool, for many concurrent deliveries
  WithoutLock without_lock = WithoutLock::postpone;
};

// The alert to deliver.
struct AlertInput {
  std::string_view raw = {};            // used if `alert` is null
  const wazuh::Alert* alert = nullptr;  // parsed
  Filter filter = Filter::apply;
  bool ambiguous_before = false;  // an earlier attempt had an ambiguous result
};

// The claimed entry of the alert in the spool.
struct StoredEntry {
  spool::Spool& spool;
  spool::Claim claim;
  UnixMillis accepted_ms = 0;
};

// Result of a delivery.
struct Report {
  std::string id;  // of the entry; empty without one
  Outcome outcome;
  std::optional<Decision> decision;              // about the entry
  Status settled;                                // of the entry; after an error it is retried
  std::optional<CircuitBreaker::Notice> notice;  // of the circuit breaker
};

// Delivers one alert to TheHive: its requests, the slot of its reference in the in-flight table,
// the permit of the circuit breaker and finally its entry in the spool. It ensures that no other
// process of the spool has a request for the same alert in flight, and that after an ambiguous
// result TheHive is searched before anything is sent again (docs/reliability.md). Performs no
// request itself, so that one thread may run many:
//   Delivery delivery(channel, input, std::move(entry), std::move(permit));
//   while (!delivery.finished()) delivery.answered(http.perform(delivery.next(timeout_ms)));
//   Report report = delivery.finish();
// Without finish() the entry stays unchanged, as after a crash.
class Delivery {
 public:
  Delivery(const Channel& channel, const AlertInput& input, std::optional<StoredEntry> entry,
           CircuitBreaker::Permit permit = {});
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  bool finished() const { return requests_.finished(); }
  // Whether the next request may create the alert, or its case.
  bool creates() const { return !permit_.check_key && requests_.creates(); }
  // The next request, to be performed within timeout_ms. For that time, and settle_ms more, the
  // reference is marked as possibly in flight.
  http::Request next(std::int64_t timeout_ms);
  void answered(http::Outcome outcome);
  // This process aborted the request.
  void interrupted(http::Outcome outcome) {
    if (!permit_.check_key) answered(std::move(outcome));
  }
  // Ends without a further request.
  void give_up(Outcome::Postponed why, std::string message) {
    requests_.give_up(why, std::move(message));
  }

  // Its slot of the in-flight table: held by it, or needed and held by another process or delivery
  // (the outcome is then postponed for `in_flight`). Empty: none. Not after finish().
  std::optional<std::uint64_t> slot() const { return slot_; }
  const Outcome& outcome() const { return requests_.outcome(); }
  // Why the outcome is postponed for `lock_unavailable`.
  const Status& lock_error() const { return lock_error_; }
  // Whether the permit was for a test of the destination, or one of its first requests.
  bool tests_destination() const { return permit_.lock.has_value(); }

  enum class Breaker { report, skip };
  // Call once, when finished: removes, postpones or moves the entry, frees the slot, and reports
  // the outcome to the circuit breaker. The entry stays until its promotion is done or refused.
  Report finish(Breaker breaker = Breaker::report);

 private:
  void take_slot(bool ambiguous_before);
  void note_create(bool open);
  void take_case_lock();
  void note_case(bool open);
  std::optional<spool::Counted> count_as(const Decision& decision) const;
  Decision decision(UnixMillis now_ms) const;
  Status settle(const Decision& decision, UnixMillis now_ms);
  Status reschedule(UnixMillis due_ms);

  const Channel& channel_;
  CircuitBreaker::Permit permit_;
  std::optional<StoredEntry> entry_;
  std::optional<spool::Reason> before_;
  AlertRequests requests_;
  std::optional<spool::InFlight> in_flight_;
  std::optional<spool::InFlight> case_lock_;  // held while an alert of this case key is promoted
  std::optional<std::uint64_t> slot_;
  bool created_before() const;
  bool known_ = false;       // the alert is in TheHive and counted
  UnixMillis tried_ms_ = 0;  // time of that request, if the entry records it
  bool open_try_ = false;    // an earlier request may have created it and is not yet counted
  bool stays_ = false;       // delivered, but must be sent again
  Status lock_error_;
};

}  // namespace socbridge::delivery
