// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"

namespace socbridge::spool {

// In-flight guard for one key: while it lives, no other thread or process has a request for the
// same key in flight. On disk it is one file of the spool, `in-flight`, a table of 16384 slots of
// 16 bytes. A key's slot is locked (F_OFD_SETLK, which ends with the descriptor or the process) and
// has a mark while the server may still process a request. The mark survives the process, so that
// the next one after a crash sees it; it may not survive power loss. Two keys may share a slot;
// then one waits for the other.
class InFlightTable;

class InFlight {
 public:
  InFlight(InFlight&&) noexcept = default;
  InFlight& operator=(InFlight&&) noexcept = default;
  ~InFlight();

  // Empty: another holder has a request for this key (or for one that shares its slot) in flight.
  // Errors: the file cannot be created or locked.
  static Result<std::optional<InFlight>> take(Env& env, const std::string& spool_dir,
                                              std::string_view key);

  // Only one of the keys with the same slot may have a request in flight.
  static std::uint64_t slot_of(std::string_view key);
  std::uint64_t slot() const;

  // A request for this slot ended without a known result, or its process died, and the server may
  // still process it: do not send before this time. 0: no such request. Marks more than
  // `longest_ms` ahead come from a wrong clock and count as past.
  UnixMillis unsettled_until(UnixMillis now_ms, std::int64_t longest_ms) const;

  // An earlier request for this key had no known result: query it before sending.
  bool must_ask() const { return same_key_ && until_ms_ != kArrivedFlag; }
  // The last known state of this key: its alert is in TheHive and was counted.
  bool arrived() const { return same_key_ && (until_ms_ & kArrivedFlag) != 0; }

  // Call before sending a request: if this process dies, no other sends before that time.
  Status mark(UnixMillis unsettled_until_ms);
  // The server has created the alert, but its count is pending: the next process queries it and
  // need not wait.
  Status created();
  // Call after a request with a known result.
  Status clear();
  // The same, for an alert that is in TheHive and counted.
  Status settle();

 private:
  friend class InFlightTable;
  InFlight(Env& env, Fd fd, std::uint64_t hash, InFlightTable* table);
  static Result<std::optional<InFlight>> open(Env& env, const std::string& spool_dir,
                                              std::string_view key, InFlightTable* table);
  static Result<std::optional<InFlight>> lock(Env& env, Fd fd, std::uint64_t hash,
                                              InFlightTable* table);
  Status write(std::int64_t until_ms);

  // Stored in place of the time; it is further ahead than any mark, so it counts as past.
  static constexpr std::int64_t kArrivedFlag = std::int64_t{1} << 62U;
  Env* env_;
  Fd fd_;
  InFlightTable* table_;  // receives the descriptor; null: it is closed
  std::uint64_t hash_ = 0;
  std::int64_t until_ms_ = 0;
  bool same_key_ = false;
};

// Caches descriptors for reuse. For a thread with many requests in flight. Must outlive the guards
// that it returned.
class InFlightTable {
 public:
  InFlightTable(Env& env, std::string spool_dir) : env_(env), spool_dir_(std::move(spool_dir)) {}
  InFlightTable(const InFlightTable&) = delete;
  InFlightTable& operator=(const InFlightTable&) = delete;

  // As InFlight::take().
  Result<std::optional<InFlight>> take(std::string_view key);

 private:
  friend class InFlight;
  Env& env_;
  std::string spool_dir_;
  std::vector<Fd> idle_;
  std::int64_t idle_until_ms_ = 0;  // monotonic: the path is looked up again after it
};

// The exclusive right to a task, such as probing whether a server is up again. Ends with the object
// or the process. Its names are independent of InFlight's keys.
class NamedLock {
 public:
  // Empty: held elsewhere.
  static Result<std::optional<NamedLock>> take(Env& env, const std::string& spool_dir,
                                               std::string_view name);

 private:
  explicit NamedLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace socbridge::spool
