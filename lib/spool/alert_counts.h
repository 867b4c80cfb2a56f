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

// What became of an alert, or of a try to deliver it. Each end of an alert is one of them, except
// `promoted`.
enum class Counted {
  created,    // in TheHive, made by a delivery of this spool
  duplicate,  // in TheHive already
  filtered,   // the configuration does not forward it
  capped,     // over a rate cap: only counted there
  postponed,  // a try failed; the alert is tried again, so this may happen to it many times
  refused,    // to dead/, as TheHive or something before it refuses it
  dead,       // to dead/, as it waited too long
  corrupt,    // to corrupt/
  dropped,    // removed by a person
  lost,       // neither delivered nor stored
  promoted,   // put into a case at once: no end of its own, the alert is counted beside it
};
inline constexpr std::size_t kCounted = 11;
const char* counted_name(Counted counted);  // as the enumerator

using CountTotals = std::array<std::uint64_t, kCounted>;

// A change of one entry that is to be counted.
struct CountedChange {
  std::string id;          // of the entry
  std::string entry_path;  // where it is before the change
  std::string reason_path;
  unsigned state = 0;  // of the spool, before the change
  Counted counted = Counted::created;
  int attempts = 0;  // postponed: what the reason says afterwards
};

struct CountSlot;

// Counts what became of alerts in a file such as `counts` of a spool, by many processes at once,
// without waiting for any: ARCHITECTURE.md, "Counts". A change of an entry and its count are one
// step also if the process is killed: what is to be counted is noted before the change, and a
// process that meets a note without its count sees by the entry whether the change took place.
// Power loss may take counts back; without the file they begin at 0. Its size and contents are not
// trusted. Nothing here fails the work: what cannot be counted is not. Thread-safe.
class AlertCounts {
 public:
  // Paths of an entry by state and id, for notes of other processes.
  using Paths = std::function<std::optional<CountedChange>(unsigned state, const std::string& id)>;

  // A note of a change that is under way. Ends it as not done unless done() was called.
  class Note {
   public:
    Note(Note&& other) noexcept;
    Note& operator=(Note&&) = delete;
    ~Note();
    void done();  // the change took place: counts it

   private:
    friend class AlertCounts;
    Note(AlertCounts* counts, Fd fd, std::size_t slot, Counted counted, std::uint64_t target);
    AlertCounts* counts_;  // null: nothing to end
    Fd fd_;
    std::size_t slot_;
    Counted counted_;
    std::uint64_t target_;
  };

  AlertCounts(Env& env, std::string file, Paths paths)
      : env_(env), path_(std::move(file)), paths_(std::move(paths)) {}
  AlertCounts(const AlertCounts&) = delete;
  AlertCounts& operator=(const AlertCounts&) = delete;

  // Makes the file if it is missing, so that it has its room before the disk can be full.
  void prepare();

  // Notes a change that the holder of the entry's claim makes now. Empty: it cannot be counted.
  // `first`: no process has claimed this entry before.
  std::optional<Note> note(const CountedChange& change, bool first);

  // Ends the notes about this entry that killed processes left. For the holder of its claim, before
  // a change that is not counted.
  void resolve(const std::string& id);

  // Counts what no entry shows.
  void add(Counted counted);

  // The sums. Empty: there is no such file yet. Error: it cannot be read, or is no file of counts.
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
