// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/time.h"
#include "delivery/delivery.h"
#include "http/client.h"
#include "integration/settings.h"

namespace socbridge::delivery {

// Level ("ERROR", "WARNING", "INFO") and text of a line for the log.
using LogLine = std::function<void(std::string_view level, const std::string& text)>;

// How a command sends alerts.
struct SendPolicy {
  enum class Breaker {
    obey,    // ask it before each alert
    report,  // send whatever it says, and report the outcome
    ignore
  };
  enum class Memory {
    none,
    groups,             // counters of groups and caps
    groups_and_version  // and the server's version, instead of the configured one
  };
  spool::Spool* spool = nullptr;  // shared with the other senders of this machine
  std::string spool_dir;          // the same for callers that have not opened it; may be missing
  // Holds the in-flight table if there is no usable spool, for senders of one user; made if it is
  // missing. Empty or unusable: no other process is taken into account.
  std::string lock_dir;
  Breaker breaker = Breaker::obey;
  WithoutLock without_lock = WithoutLock::postpone;
  Memory memory = Memory::groups_and_version;
  int tries = 1;               // of an alert that may pass later, with pauses between them
  std::function<bool()> stop;  // cuts a pause short; may be empty
  LogLine log;                 // what all processes should know, once; may be empty
};

// Sends alerts to one TheHive, one after the other: the blocking driver of Delivery. Not
// thread-safe.
class Sender {
 public:
  // Env, client, settings and spool must outlive it.
  Sender(Env& env, http::Client& http, const integration::Settings& settings, SendPolicy policy);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // One try with a stored entry, and its settlement. Without a decision the circuit breaker gave no
  // permit: the entry stays as it was.
  Report send(const AlertInput& input, StoredEntry entry, const Deadline& deadline);

  // An alert without an entry; each of the policy's tries takes at most budget_ms.
  Outcome send(AlertInput input, std::int64_t budget_ms);

  // Null if the spool has none, or the policy ignores it.
  CircuitBreaker* breaker() { return breaker_ ? &*breaker_ : nullptr; }

 private:
  // What the senders of this machine share.
  struct SharedFolder {
    std::shared_ptr<Env> env;  // for the folder alone, so that no link leads elsewhere; null: none
    std::string dir;
    bool is_spool = false;  // with state, not the in-flight table alone
  };
  static SharedFolder shared_folder(Env& env, const SendPolicy& policy);

  Report try_once(const AlertInput& input, std::optional<StoredEntry> entry,
                  const Deadline& deadline);
  bool pause(int tries, const Outcome& outcome) const;
  void log(const Report& report) const;
  void log(std::string_view level, const std::string& text) const;

  http::Client& http_;
  const integration::Settings& settings_;
  SendPolicy policy_;
  SharedFolder folder_;
  ServerVersionCache versions_;
  std::optional<CircuitBreaker> breaker_;
  Channel channel_;
};

// Tries of a command that waits out short failures of the server.
inline constexpr int kTries = 4;
// How such a command sends alerts. Without a spool lock_dir is to be set.
SendPolicy retrying_policy(std::string spool_dir, std::function<bool()> stop);

// Pause before the next try of a command that waits out a short failure: at least `wanted_ms`,
// 0.5 s doubled with each try, at most a minute.
std::int64_t retry_pause_ms(int tries, std::int64_t wanted_ms);

}  // namespace socbridge::delivery
