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
    obey,    // check it before each alert
    report,  // send regardless of it, and report the outcome
    ignore
  };
  enum class Memory {
    none,
    groups,             // counters of groups and caps
    groups_and_version  // and the server's version, instead of the configured one
  };
  spool::Spool* spool = nullptr;  // shared with the other senders of this machine
  std::string spool_dir;          // the same for callers that have not opened it; may be missing
  // Folder of the in-flight table if there is no usable spool, for senders of one user; created if
  // missing. Empty or unusable: other processes are not considered.
  std::string lock_dir;
  Breaker breaker = Breaker::obey;
  WithoutLock without_lock = WithoutLock::postpone;
  Memory memory = Memory::groups_and_version;
  int tries = 1;               // attempts for an alert that may pass later, with pauses
  std::function<bool()> stop;  // ends a pause early; may be empty
  LogLine log;                 // for messages that concern all processes, once; may be empty
};

// Sends alerts to one TheHive, one after the other: the blocking driver of Delivery. Not
// thread-safe.
class Sender {
 public:
  // Env, client, settings and spool must outlive it.
  Sender(Env& env, http::Client& http, const integration::Settings& settings, SendPolicy policy);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // One attempt with a stored entry, and the update of the entry. Without a decision the circuit
  // breaker granted no permit, and the entry is unchanged.
  Report send(const AlertInput& input, StoredEntry entry, const Deadline& deadline);

  // Sends an alert without an entry; each of the policy's attempts takes at most budget_ms.
  Outcome send(AlertInput input, std::int64_t budget_ms);

  // Null without a spool, or if the policy ignores the breaker.
  CircuitBreaker* breaker() { return breaker_ ? &*breaker_ : nullptr; }

 private:
  // Folder shared by the senders of this machine.
  struct SharedFolder {
    std::shared_ptr<Env> env;  // limited to the folder: follows no links; null: none
    std::string dir;
    bool is_spool = false;  // with state, not only the in-flight table
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

// Attempts of a command that waits out short failures of the server.
inline constexpr int kTries = 4;
// The policy of such a command. Without a spool, set lock_dir.
SendPolicy retrying_policy(std::string spool_dir, std::function<bool()> stop);

// Pause before the next attempt after a short failure: at least `wanted_ms`, 0.5 s doubled with
// each attempt, at most a minute.
std::int64_t retry_pause_ms(int tries, std::int64_t wanted_ms);

}  // namespace socbridge::delivery
