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

// In-flight guard for one key: no other thread or process has a request for the same key under way
// as long as this lives. On disk it is one file of the spool, `in-flight`, a table of 16384 slots
// of 16 bytes; a key's slot is locked (F_OFD_SETLK, ends with the descriptor or the process) and
// holds a mark while a request may still be worked on by the server. The mark survives the process,
// so that the next one after a crash sees it. Two keys may share a slot; then one waits for the
// other. The mark may not survive power loss.
class InFlightTable;

class InFlight {
 public:
  InFlight(InFlight&&) noexcept = default;
  InFlight& operator=(InFlight&&) noexcept = default;
  ~InFlight();

  // Empty: another holder has a request for this key (or for one that shares its slot) under way.
  // Errors: the file cannot be made or locked.
  static Result<std::optional<InFlight>> take(Env& env, const std::string& spool_dir,
                                              std::string_view key);

  // Of all keys with one slot one at a time may have a request under way.
  static std::uint64_t slot_of(std::string_view key);
  std::uint64_t slot() const;

  // A request for this slot ended, or its process died, and the server may still work on it: do not
  // send before this time. 0: nothing is known to be unsettled. Marks further ahead than
  // `longest_ms` are from a clock that was wrong and count as past.
  UnixMillis unsettled_until(UnixMillis now_ms, std::int64_t longest_ms) const;

  // An earlier request for this very key had no known end: ask for its result before sending.
  bool must_ask() const { return same_key_ && until_ms_ != kArrivedFlag; }
  // The last thing that is known of this very key is that its alert is there, and was counted.
  bool arrived() const { return same_key_ && (until_ms_ & kArrivedFlag) != 0; }

  // Call before the request is sent: if this process dies, no other sends before that time.
  Status mark(UnixMillis unsettled_until_ms);
  // The server has created it, and this is not settled yet: the next one asks, and need not wait.
  Status created();
  // Call after an end that leaves nothing open.
  Status clear();
  // The same, with the alert there and counted.
  Status settle();

 private:
  friend class InFlightTable;
  InFlight(Env& env, Fd fd, std::uint64_t hash, InFlightTable* table);
  static Result<std::optional<InFlight>> open(Env& env, const std::string& spool_dir,
                                              std::string_view key, InFlightTable* table);
  static Result<std::optional<InFlight>> lock(Env& env, Fd fd, std::uint64_t hash,
                                              InFlightTable* table);
  Status write(std::int64_t until_ms);

  // In the place of a time further ahead than any mark, which counts as past.
  static constexpr std::int64_t kArrivedFlag = std::int64_t{1} << 62U;
  Env* env_;
  Fd fd_;
  InFlightTable* table_;  // gets the descriptor back; null: it is closed
  std::uint64_t hash_ = 0;
  std::int64_t until_ms_ = 0;
  bool same_key_ = false;
};

// Takes from the table over descriptors that are kept for the next one. For a thread with many
// requests under way. Must outlive what it gave.
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
  std::int64_t idle_until_ms_ = 0;  // monotonic: then the name is looked up again
};

// The right to do something that one process at a time may do, such as asking a server whether it
// is back. Ends with the object or with the process. Its names share nothing with InFlight's keys.
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
