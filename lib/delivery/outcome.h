// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/exit_code.h"
#include "base/time.h"
#include "delivery/reduced_payload.h"

namespace socbridge::delivery {

// What became of one alert in one try to deliver it.
struct Outcome {
  enum class Kind {
    created,       // in TheHive, made by this try
    duplicate,     // in TheHive: found there, and brought up to date if it is a grouped alert
    filtered,      // the configuration does not forward it
    bad_input,     // not an alert
    postponed,     // no request was sent; see `postponed` and `not_before_ms`
    failed,        // no answer or a server error: says something about the server
    alert_failed,  // the same, but TheHive accepts the key at that time: this alert only
    key_refused,   // TheHive refuses the key, its permission or the licence
    wrong_url,     // no TheHive, or no such API, at the configured URL
    reduced,       // TheHive refuses it; the next try leaves out `left_out`
    refused,       // TheHive refuses it, and nothing more can be left out
    too_large,     // the same, for its size
    blocked,       // a proxy or firewall before TheHive refuses this alert
  };
  enum class Postponed {
    no_time,          // the time budget was used up before the first request
    stopped,          // the process ends
    breaker_open,     // the circuit breaker is open
    key_refused,      // the key was refused before
    probing,          // other processes are testing whether TheHive answers
    in_flight,        // a request for the same alert is in flight
    unsettled,        // an earlier request for the same alert had no known end
    window_open,      // a summary whose time window is not over
    case_busy,        // another alert for the same case is being promoted
    lock_unavailable  // a lock file of the spool cannot be used: an error of this machine
  };

  // What became of the case that an alert is to get.
  enum class Promotion {
    none,      // none was wanted, or it was there
    promoted,  // a case of its own was made
    merged,    // it was put into an open case
    open,      // the alert is in TheHive; its case is still to come
    refused,   // TheHive refuses the case: the alert stays as it is, `remark` says so
  };

  Kind kind = Kind::postponed;
  Postponed postponed = Postponed::no_time;
  std::string message;               // one printable line: the server's words, or what failed
  std::string source_ref;            // empty if filtered or bad input
  std::string alert_id;              // `_id`, if it is in TheHive and the answer said so
  int http_status = 0;               // of the last answer; 0: none
  UnixMillis not_before_ms = 0;      // postponed: 0 if no time is known
  std::int64_t retry_after_ms = -1;  // of the server; -1: none
  bool from_thehive = false;         // the last answer was TheHive's own, not a proxy's
  bool ambiguous = false;            // TheHive may have created it: search before sending again
  Promotion promotion = Promotion::none;
  std::string case_id;    // `_id` of the case that it was put into by this try
  Parts left_out;         // what was, or is to be, left out of the alert
  Parts could_leave_out;  // blocked: what the last try may leave out
  std::string remark;     // about settings or rights, one line for the log; or empty

  bool arrived() const { return kind == Kind::created || kind == Kind::duplicate; }
  // The alert itself is in TheHive.
  bool in_thehive() const { return arrived() || promotion == Promotion::open; }
  // This try has put it into a case.
  bool promoted() const {
    return promotion == Promotion::promoted || promotion == Promotion::merged;
  }
  // At least one request was made, and it is known what came of it.
  bool tried() const {
    return kind != Kind::filtered && kind != Kind::bad_input && kind != Kind::postponed;
  }
  // The same alert may be accepted later without any change.
  bool may_pass_later() const;

  static Outcome bad_input(std::string why);
};

// After so many alerts in a row that failed for themselves (alert_failed) a command that sends many
// stops: the server fails for all.
inline constexpr int kMostFailedAlerts = 10;

// created, duplicate, filtered, bad_input, retry, auth, refused, too_large or blocked: the classes
// of docs/spool.md.
const char* result_name(const Outcome& outcome);

// What an alert that is stored nowhere means to the caller.
ExitCode exit_code(const Outcome& outcome);

}  // namespace socbridge::delivery
