// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "relay/due_list.h"

namespace socbridge::relay {

// The entries of queue/ that one relay knows, and the state of each: due at some time, taken by one
// of its workers, or parked by a worker whose destination is full or blocked. Thread-safe: an entry
// is given to one worker only.
class ReadyQueue {
 public:
  // Seen in the folder. Ignored if something is known of it.
  void found(const EntryId& id, UnixMillis due_ms);
  // Its time was changed. Ignored while it is taken or parked.
  void touched(const EntryId& id, UnixMillis due_ms);
  // Gone from the folder. Ignored while it is taken: that worker finds out.
  void left(const EntryId& id);

  // Due entries, as DueList::take() has them; from now on taken.
  std::optional<EntryId> take(UnixMillis now_ms);
  // The worker that took it gives it back (put), parks it, takes it up again (false: it left
  // meanwhile), or is done with it.
  void put(const EntryId& id, UnixMillis due_ms);
  void park(const EntryId& id);
  bool unpark(const EntryId& id);
  void done(const EntryId& id);

  // Gives it back since another process has it or a request for the same alert. It counts as held()
  // until it is taken again.
  void put_held(const EntryId& id, UnixMillis due_ms);
  std::size_t held() const;
  // No other process has it.
  void not_held(const EntryId& id);
  // Those that were held each time for so long, at most 1000.
  std::vector<EntryId> held_for(std::int64_t least_ms) const;

  std::optional<UnixMillis> next_due_ms() const;
  std::size_t waiting() const;  // due now or later, and parked
  std::size_t parked() const;
  void forget_due();  // all that is neither taken nor parked

 private:
  bool known(const EntryId& id) const;  // the caller holds the lock
  mutable std::mutex mutex_;
  DueList due_;
  std::set<EntryId> taken_, parked_;
  std::map<EntryId, std::int64_t> held_;  // since when, monotonic; also while it is taken again
};

}  // namespace socbridge::relay
