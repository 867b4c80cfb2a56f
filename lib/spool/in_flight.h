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

// The right to have a request for one key under way: nobody else, in this or another process, has
// one for the same key as long as this lives. On disk it is one file of the spool, `in-flight`, a
// table of 16384 slots of 16 bytes; a key's slot is locked (F_OFD_SETLK, ends with the descriptor
// or the process) and holds a mark while a request may still be worked on by the server. The mark
// survives the process, so that whoever comes after a crash knows. Two keys may share a slot; then
// one waits for the other. The mark may not survive power loss.
class FlightTable;

class InFlight {
 public:
  InFlight(InFlight&&) noexcept = default;
  InFlight& operator=(InFlight&&) noexcept = default;
  ~InFlight();

  // Empty: somebody else has a request for this key (or for one that shares its slot) under way.
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
  bool must_ask() const { return same_key_; }

  // Call before the request leaves: until that time nobody sends if we die.
  Status mark(UnixMillis unsettled_until_ms);
  // Call after an end that leaves nothing open.
  Status clear();

 private:
  friend class FlightTable;
  InFlight(Env& env, Fd fd, std::uint64_t hash, FlightTable* table);
  static Result<std::optional<InFlight>> open(Env& env, const std::string& spool_dir,
                                              std::string_view key, FlightTable* table);
  static Result<std::optional<InFlight>> lock(Env& env, Fd fd, std::uint64_t hash,
                                              FlightTable* table);
  Env* env_;
  Fd fd_;
  FlightTable* table_;  // gets the descriptor back; null: it is closed
  std::uint64_t hash_ = 0;
  std::int64_t until_ms_ = 0;
  bool same_key_ = false;
};

// Takes from the table over descriptors that are kept for the next one. For whoever has many
// requests under way, on one thread. Must outlive what it gave.
class FlightTable {
 public:
  FlightTable(Env& env, std::string spool_dir) : env_(env), spool_dir_(std::move(spool_dir)) {}
  FlightTable(const FlightTable&) = delete;
  FlightTable& operator=(const FlightTable&) = delete;

  // As InFlight::take().
  Result<std::optional<InFlight>> take(std::string_view key);

 private:
  friend class InFlight;
  Env& env_;
  std::string spool_dir_;
  std::vector<Fd> idle_;
  std::int64_t idle_until_ms_ = 0;  // monotonic: then the name is looked up anew
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
