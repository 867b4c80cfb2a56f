// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/time.h"
#include "delivery/breaker_state.h"
#include "delivery/outcome.h"
#include "http/client.h"
#include "integration/settings.h"
#include "spool/in_flight.h"

namespace socbridge::delivery {

// Decides whether requests may be sent to one TheHive (URL and organisation). Shared by all
// processes of one spool through one file (BreakerFile; docs/reliability.md has its format).
//
// - Breaker: after breaker.failures consecutive failures (no answer, 5xx, 408, 429, missing route)
// it is open for breaker.open_ms: no requests. Then one process tests with one request; each failed
// test doubles the pause, up to ten times. A Retry-After opens it at once, for at most
// retry.max_ms. A failure that concerns one alert only (Outcome::Kind::alert_failed) does not
// count, but ten times as many consecutive server errors of TheHive do.
// - Key: after a 401, 402 or 403 of TheHive itself, confirmed by a check of the key, no requests
// are sent with this key. Every auth_probe_ms one process checks the key. A changed key is tried at
// once, by one process.
// - While nothing is known, as with a new key, at most two alerts are in flight, with two requests
// each: servers ban after five refusals.
// Not thread-safe: use one per thread.
class CircuitBreaker {
 public:
  // `trust_ms`: after it was read as closed, the file is not read again for this time. For callers
  // with many requests a second; their own failures count at once, those of others after that time.
  CircuitBreaker(Env& env, std::string spool_dir, const integration::Settings& settings,
                 std::int64_t trust_ms = 0);

  struct Permit {
    enum class Result {
      granted,  // send
      wait,     // another process is testing; retry in some milliseconds
      refused   // do not send until about `until_ms`
    };
    Result result = Result::granted;
    // Not granted: breaker_open, key_refused, probing or lock_unavailable.
    Outcome::Postponed why = Outcome::Postponed::probing;
    std::string message;      // not granted: one line for people
    UnixMillis until_ms = 0;  // refused: 0 if unknown
    bool probing = false;     // not granted because another process is testing
    bool check_key = false;   // granted: first perform key_request(), then call key_checked()
    std::optional<spool::NamedLock> lock;  // granted: keep it until report()
    bool granted() const { return result == Result::granted; }
  };
  Permit try_acquire(UnixMillis now_ms);
  // Retries while the result is `wait`, until the deadline at the latest.
  Permit acquire(const Deadline& deadline);

  http::Request key_request(std::int64_t timeout_ms) const;
  // Whether requests may follow. If not, the next check is postponed.
  bool key_checked(const http::Outcome& outcome, UnixMillis now_ms);

  // A line for the log, if the state changed for all processes.
  struct Notice {
    enum class Level { info, error } level = Level::error;
    std::string text;
  };
  std::optional<Notice> report(const Outcome& outcome, UnixMillis now_ms);
  // For other requests: succeeded() if the answer proves server and key, failed() if there is none,
  // key_refused() for a refused key.
  std::optional<Notice> succeeded(UnixMillis now_ms);
  std::optional<Notice> failed(const std::string& message, std::int64_t retry_after_ms,
                               UnixMillis now_ms);
  // A server error of TheHive that may concern one alert only; TheHive accepts the key.
  std::optional<Notice> alert_failed(const std::string& message, UnixMillis now_ms);
  std::optional<Notice> key_refused(const std::string& message, UnixMillis now_ms);
  // TheHive accepts this key: closes the breaker if it was open for the key.
  std::optional<Notice> key_accepted(UnixMillis now_ms);

  // For people and metrics.
  struct View {
    std::string state;  // unknown, closed, failing, open, auth
    int failures = 0;
    UnixMillis since_ms = 0, until_ms = 0;
    std::string message;
    UnixMillis delivered_ms = 0;  // last arrival of an alert, to the minute; 0: unknown
    bool blocked() const { return state == "open" || state == "auth"; }
  };
  View view() const;

 private:
  bool is_closed(const std::optional<BreakerState>& state);
  bool was_closed_lately() const;
  void write(const BreakerState& state);
  void note_delivery(UnixMillis now_ms);
  Permit take_lock(const char* kind, int count, Permit::Result otherwise);
  Permit test(const BreakerState& blocked, UnixMillis now_ms);
  bool still_ahead(UnixMillis until_ms, UnixMillis now_ms) const;
  std::optional<spool::NamedLock> count_lock();
  std::optional<Notice> open(BreakerState next, std::int64_t retry_after_ms, UnixMillis now_ms);
  std::optional<Notice> closed_again(const std::optional<BreakerState>& before) const;
  std::string server() const;

  Env* env_;
  std::string spool_dir_;
  BreakerFile file_;
  integration::RetryPolicy retry_;
  integration::BreakerPolicy policy_;
  std::int64_t trust_ms_;
  std::int64_t trusted_until_ms_ = 0;  // monotonic
  std::int64_t noted_until_ms_ = 0;    // monotonic
};

}  // namespace socbridge::delivery
