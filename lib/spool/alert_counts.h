// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::spool {

// Result of an alert, or of an attempt to deliver it. Each alert ends in exactly one of them;
// `promoted` is counted additionally.
enum class Counted {
  created,    // in TheHive, created by a delivery of this spool
  duplicate,  // already in TheHive
  filtered,   // excluded by the configuration
  capped,     // above a rate cap: only counted
  postponed,  // an attempt failed; the alert is retried, so this may count it many times
  refused,    // to dead/, because TheHive or a proxy refuses it
  dead,       // to dead/, because it waited too long
  corrupt,    // to corrupt/
  dropped,    // removed by the operator
  lost,       // neither delivered nor stored
  promoted,   // became a case at once; counted in addition to the alert's own result
};
inline constexpr std::size_t kCounted = 11;
const char* counted_name(Counted counted);  // as the enumerator

using CountTotals = std::array<std::uint64_t, kCounted>;

// A change of one entry, to be counted.
struct CountedChange {
  std::string id;          // of the entry
  std::string entry_path;  // its path before the change
  std::string reason_path;
  unsigned state = 0;  // of the spool, before the change
  Counted counted = Counted::created;
  int attempts = 0;  // for postponed: as in the reason after the change
};

struct CountSlot;

// Counts the results of alerts in a file such as `counts` of a spool, from many processes at once
// and without waiting: ARCHITECTURE.md, "Counts". The change of an entry and its count are atomic
// even if the process is killed: a note is written before the change, and a process that finds a
// note without its count checks by the entry whether the change took place. Power loss may revert
// counts; without the file they begin at 0. Size and content of the file are not trusted. Failures
// do not affect the work: a result that cannot be counted is dropped. Thread-safe.
class AlertCounts {
 public:
  // Paths of an entry by state and id, for notes of other processes.
  using Paths = std::function<std::optional<CountedChange>(unsigned state, const std::string& id)>;

  // The note of a change in progress. It ends as not done unless done() was called.
  class Note {
   public:
    Note(Note&& other) noexcept;
    Note& operator=(Note&&) = delete;
    ~Note();
    void done();  // the change took place: counts it

   private:
    friend class AlertCounts;
    Note(AlertCounts* counts, Fd fd, std::size_t slot, Counted counted, std::uint64_t target);
    AlertCounts* counts_;  // null: nothing to finish
    Fd fd_;
    std::size_t slot_;
    Counted counted_;
    std::uint64_t target_;
  };

  AlertCounts(Env& env, std::string file, Paths paths)
      : env_(env), path_(std::move(file)), paths_(std::move(paths)) {}
  AlertCounts(const AlertCounts&) = delete;
  AlertCounts& operator=(const AlertCounts&) = delete;

  // Creates the file if it is missing, so that its space is allocated before the disk is full.
  void prepare();

  // Writes a note for a change by the holder of the entry's claim. Empty: it cannot be counted.
  // `first`: no process has claimed this entry before.
  std::optional<Note> note(const CountedChange& change, bool first);

  // Finishes the notes of killed processes on this entry. For the holder of its claim, before a
  // change that is not counted.
  void resolve(const std::string& id);

  // Counts a result without an entry.
  void add(Counted counted);

  // The sums. Empty: the file does not exist yet. Error: it cannot be read, or is not a file of
  // counts.
  Result<std::optional<CountTotals>> read();

 private:
  struct Locked {
    Fd fd;
    std::size_t slot = 0;
  };
  Result<Fd> open();
  bool make(int fd);
  std::optional<Locked> lock_any(std::size_t first);
  void give_back(Fd fd);
  bool took_place(const CountSlot& slot);
  std::optional<CountSlot> read_slot(int fd, std::size_t index);
  void settle(int fd, std::size_t index, CountSlot& slot);
  bool write_word(int fd, std::size_t slot, std::size_t word, std::uint64_t value);
  bool sum_once(int fd, CountTotals& out);

  Env& env_;
  std::string path_;
  Paths paths_;
  std::mutex mutex_;
  std::vector<Fd> idle_;
  std::int64_t idle_until_ms_ = 0;
};

}  // namespace socbridge::spool
