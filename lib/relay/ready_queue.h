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

// The entries of queue/ that one relay knows, each with a state: due at some time, taken by one of
// its workers, or parked by a worker whose destination is full or blocked. Thread-safe: an entry is
// taken by one worker only.
class ReadyQueue {
 public:
  // The entry was found in the folder. Ignored if it is known.
  void found(const EntryId& id, UnixMillis due_ms);
  // Its time was changed. Ignored while it is taken or parked.
  void touched(const EntryId& id, UnixMillis due_ms);
  // It was removed from the folder. Ignored while it is taken: its worker will notice.
  void left(const EntryId& id);

  // Takes a due entry, in the order of DueList::take().
  std::optional<EntryId> take(UnixMillis now_ms);
  // For the worker that took it: return it (put), park it, take it again (false: it was removed
  // meanwhile), or finish it.
  void put(const EntryId& id, UnixMillis due_ms);
  void park(const EntryId& id);
  bool unpark(const EntryId& id);
  void done(const EntryId& id);

  // Returns it because another process holds it or sends a request for the same alert. It counts as
  // held() until it is taken again.
  void put_held(const EntryId& id, UnixMillis due_ms);
  std::size_t held() const;
  // No other process holds it.
  void not_held(const EntryId& id);
  // Entries that have been held for that long at every attempt, at most 1000.
  std::vector<EntryId> held_for(std::int64_t least_ms) const;

  std::optional<UnixMillis> next_due_ms() const;
  std::size_t waiting() const;  // due now or later, or parked
  std::size_t parked() const;
  void forget_due();  // removes all that are neither taken nor parked

 private:
  bool known(const EntryId& id) const;  // the caller holds the lock
  mutable std::mutex mutex_;
  DueList due_;
  std::set<EntryId> taken_, parked_;
  std::map<EntryId, std::int64_t> held_;  // since when, monotonic; kept while it is taken again
};

}  // namespace socbridge::relay
