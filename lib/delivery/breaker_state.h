// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/time.h"
#include "thehive/client.h"

namespace socbridge::delivery {

// Content of a circuit breaker's file.
struct BreakerState {
  std::string state;  // closed, failing, open, auth (docs/reliability.md)
  int failures = 0;   // consecutive
  // Consecutive failures that may each concern a single alert.
  int alert_failures = 0;
  UnixMillis since_ms = 0, until_ms = 0;
  std::int64_t open_ms = 0;  // length of the current pause
  std::string salt, tag;     // salted hash of the key, cut to 32 bits; tag "unknown": no key
  std::string message;
};

// The file that all processes of one spool share for one TheHive (URL and organisation):
// `state/destination-<12 hex digits of SHA-256>`. It may be lost at any time.
class BreakerFile {
 public:
  BreakerFile(Env& env, std::string spool_dir, thehive::Endpoint endpoint);

  const std::string& name() const { return name_; }  // of the destination, for locks
  const thehive::Endpoint& endpoint() const { return endpoint_; }

  // Empty: missing or damaged.
  std::optional<BreakerState> read() const;
  // A failed write is ignored: the state is then learned again.
  void write(const BreakerState& state) const;

  // Whether the state was learned with the endpoint's key.
  bool is_own_key(const BreakerState& state) const;
  // A state for the endpoint's key, with the salt of `before` if that is for the same key.
  BreakerState fresh(const std::optional<BreakerState>& before) const;
  // A state that is independent of any key.
  static BreakerState without_key();
  static bool has_key(const BreakerState& state);

  // Time of the last delivery, to the minute; 0: unknown.
  UnixMillis delivered_ms() const;
  void set_delivered_ms(UnixMillis now_ms) const;

 private:
  Env* env_;
  std::string spool_dir_;
  thehive::Endpoint endpoint_;
  std::string name_;
  std::string path_;
  std::string delivered_path_;  // an empty file; its mtime is the time
};

}  // namespace socbridge::delivery
