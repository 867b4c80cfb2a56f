// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/exit_code.h"
#include "base/time.h"
#include "delivery/reduced_payload.h"

namespace socbridge::delivery {

// Result of one attempt to deliver an alert.
struct Outcome {
  enum class Kind {
    created,       // in TheHive, created by this attempt
    duplicate,     // in TheHive before; updated if it is a grouped alert
    filtered,      // excluded by the configuration
    bad_input,     // not an alert
    postponed,     // no request was sent; see `postponed` and `not_before_ms`
    failed,        // no answer or a server error: concerns the server
    alert_failed,  // the same, but TheHive accepts the key: concerns this alert only
    key_refused,   // TheHive refuses the key, its permission or the licence
    wrong_url,     // no TheHive, or no such API, at the configured URL
    reduced,       // TheHive refuses it; the next attempt omits `left_out`
    refused,       // TheHive refuses it, and nothing more can be left out
    too_large,     // the same, because of its size
    blocked,       // a proxy or firewall before TheHive refuses this alert
  };
  enum class Postponed {
    no_time,          // the time budget was used up before the first request
    stopped,          // the process is ending
    breaker_open,     // the circuit breaker is open
    key_refused,      // the key was refused before
    probing,          // other processes are testing whether TheHive answers
    in_flight,        // a request for the same alert is in flight
    unsettled,        // an earlier request for the same alert had no known result
    window_open,      // a summary whose time window is not over
    case_busy,        // another alert for the same case is being promoted
    lock_unavailable  // a lock file of the spool cannot be used: a local error
  };

  // Result of the promotion to a case.
  enum class Promotion {
    none,      // not requested, or already in a case
    promoted,  // it got a new case
    merged,    // it was merged into an open case
    open,      // the alert is in TheHive; its case is still missing
    refused,   // TheHive refuses the case: the alert stays, see `remark`
  };

  Kind kind = Kind::postponed;
  Postponed postponed = Postponed::no_time;
  std::string message;               // one printable line: the server's text, or what failed
  std::string source_ref;            // empty if filtered or bad input
  std::string alert_id;              // `_id`, if it is in TheHive and the answer had it
  int http_status = 0;               // of the last answer; 0: none
  UnixMillis not_before_ms = 0;      // postponed: 0 if unknown
  std::int64_t retry_after_ms = -1;  // from the server; -1: none
  bool from_thehive = false;         // the last answer was TheHive's own, not a proxy's
  bool ambiguous = false;            // TheHive may have created it: search before sending again
  Promotion promotion = Promotion::none;
  std::string case_id;    // `_id` of the case that this attempt put it into
  Parts left_out;         // parts of the alert that were, or will be, omitted
  Parts could_leave_out;  // blocked: parts that the last attempt may omit
  std::string remark;     // on settings or permissions, one line for the log; or empty

  bool arrived() const { return kind == Kind::created || kind == Kind::duplicate; }
  // Whether the alert itself is in TheHive.
  bool in_thehive() const { return arrived() || promotion == Promotion::open; }
  // Whether this attempt has put it into a case.
  bool promoted() const {
    return promotion == Promotion::promoted || promotion == Promotion::merged;
  }
  // Whether at least one request was sent and its result is known.
  bool tried() const {
    return kind != Kind::filtered && kind != Kind::bad_input && kind != Kind::postponed;
  }
  // Whether the unchanged alert may be accepted later.
  bool may_pass_later() const;

  static Outcome bad_input(std::string why);
};

// After this number of consecutive alert_failed results, a command that sends many alerts stops:
// the server fails for all.
inline constexpr int kMostFailedAlerts = 10;

// created, duplicate, filtered, bad_input, retry, auth, refused, too_large or blocked: the classes
// in docs/spool.md.
const char* result_name(const Outcome& outcome);

// Exit code for an alert that is not stored.
ExitCode exit_code(const Outcome& outcome);

}  // namespace socbridge::delivery
