// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "delivery/alert_delivery.h"
#include "integration/settings.h"
#include "spool/in_flight.h"
#include "spool/spool.h"

namespace socbridge::delivery {

// What all processes of one spool know about one TheHive (its URL and organisation): whether it is
// to be left alone. One file, `state/destination-<12 hex of SHA-256>`; docs/reliability.md has its
// form. It may be lost at any time: then it is learned anew. The key is kept only as 32 bits of a
// salted hash, enough to see that it was changed.
//
// - Breaker: after breaker.failures failures in a row (no answer, 5xx, 408, 429, no such route)
//   nobody sends for breaker.open_ms; then one process tries, and after each failure the pause
//   doubles up to ten times. A Retry-After opens it at once, for at most retry.max_ms. What is
//   known to concern one alert alone (Attempt::alone) is no failure.
// - Key: after a 401, 402 or 403 of TheHive's own, confirmed by a question whose key it is, nobody
//   sends. Every auth_probe_ms one process asks with the key who it is. A changed key is tried at
//   once, by one process.
// - As long as nothing is known, as with a new key, at most two alerts are under way, each with two
//   requests: servers ban after five refusals.
class Destination {
 public:
  // `trust_ms`: for so long after it was seen that all is well, that is not read again. For whoever
  // sends many requests a second; its own failures count at once, others' after that time.
  Destination(Env& env, std::string spool_dir, const integration::Settings& settings,
              std::int64_t trust_ms = 0);

  enum class Gate {
    open,    // send
    wait,    // others are finding out; ask again in some milliseconds
    closed,  // leave it alone until about `until_ms`
  };
  struct Pass {
    Gate gate = Gate::open;
    UnixMillis until_ms = 0;
    std::string why;       // closed: one line for people
    bool ask_key = false;  // open: first perform key_request() and hand it to key_answered()
    bool probe = false;    // open: only this one request may go, others are held back meanwhile
    bool others = false;   // not open since other processes are finding out, not for the time
    bool no_lock = false;  // closed since a lock cannot be had: an error of this machine
    std::optional<spool::NamedLock> turn;  // keep it until report()
  };
  Pass enter(UnixMillis now_ms);

  http::Request key_request(std::int64_t timeout_ms) const;
  // Whether sending may go on. If not, the next look is put off.
  bool key_answered(const http::Outcome& outcome, UnixMillis now_ms);

  // A line for the log, if something changed for everybody.
  struct Notice {
    bool good = false;
    std::string text;
  };
  std::optional<Notice> report(const Attempt& attempt, UnixMillis now_ms);

  // TheHive takes this key, as somebody just saw: opens the gate if it was closed for it.
  std::optional<Notice> key_is_well(UnixMillis now_ms);

  // For people and metrics.
  struct View {
    std::string state;  // unknown, proven, failing, open, auth
    int failures = 0;
    UnixMillis since_ms = 0, until_ms = 0;
    std::string message;
    UnixMillis delivered_ms = 0;  // last alert that arrived, to the minute; 0: unknown
    bool left_alone() const { return state == "open" || state == "auth"; }
  };
  View view() const;
  const std::string& url() const { return url_; }

 private:
  struct Memory;
  std::optional<Memory> recall() const;
  bool is_this_key(const Memory& memory) const;
  bool is_proven(const std::optional<Memory>& memory);
  bool was_proven_lately() const;
  void store(const Memory& memory);
  void note_delivery(UnixMillis now_ms);
  Pass take_turn(const char* kind, int turns, Gate otherwise);
  bool still_ahead(UnixMillis until_ms, UnixMillis now_ms) const;
  std::optional<Notice> fail(const Attempt& attempt, UnixMillis now_ms);
  std::optional<Notice> refuse_key(const std::string& message, UnixMillis now_ms);
  std::optional<Notice> prove(UnixMillis now_ms);

  Env* env_;
  std::string spool_dir_;
  std::string url_;
  std::string name_;
  std::string path_;
  std::string delivered_path_;  // empty; its time is what counts
  thehive::Endpoint endpoint_;
  integration::RetryPolicy retry_;
  integration::BreakerPolicy breaker_;
  std::int64_t trust_ms_;
  std::int64_t proven_until_ms_ = 0;  // monotonic
  std::int64_t noted_until_ms_ = 0;   // monotonic
};

}  // namespace socbridge::delivery
