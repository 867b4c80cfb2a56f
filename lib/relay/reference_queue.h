// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

#include "relay/due_list.h"

namespace socbridge::relay {

// Entries whose alert must not be sent while another request of this relay is in flight: one for
// the same reference (members of a group), or for one that shares its slot of the in-flight table.
// They are resumed one after the other as those requests end, rather than by time. Thread-safe.
class ReferenceQueue {
 public:
  // A request that holds this slot (spool::InFlight::slot()) was started; ended() means that the
  // slot is free.
  void begun(std::uint64_t slot);
  void ended(std::uint64_t slot);

  // False: no request of this relay holds the slot; the entry does not wait.
  bool wait(std::uint64_t slot, const EntryId& id);

  // Takes the next entry whose slot is free.
  std::optional<EntryId> next();
  bool has_next() const;

 private:
  struct Place {
    int under_way = 0;
    std::deque<EntryId> waiting;
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Place> places_;
  std::set<std::uint64_t> free_;  // not held, and an entry waits
};

}  // namespace socbridge::relay
