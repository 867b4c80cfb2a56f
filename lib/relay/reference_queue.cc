// SPDX-License-Identifier: Apache-2.0
#include "relay/reference_queue.h"

namespace socbridge::relay {

using Lock = std::lock_guard<std::mutex>;

void ReferenceQueue::begun(std::uint64_t slot) {
  const Lock lock(mutex_);
  ++places_[slot].under_way;
  free_.erase(slot);
}

void ReferenceQueue::ended(std::uint64_t slot) {
  const Lock lock(mutex_);
  const auto at = places_.find(slot);
  if (at == places_.end() || --at->second.under_way > 0) return;
  if (at->second.waiting.empty()) {
    places_.erase(at);
  } else {
    free_.insert(slot);
  }
}

bool ReferenceQueue::wait(std::uint64_t slot, const EntryId& id) {
  const Lock lock(mutex_);
  const auto at = places_.find(slot);
  if (at == places_.end() || at->second.under_way == 0) return false;
  at->second.waiting.push_back(id);
  return true;
}

bool ReferenceQueue::has_next() const {
  const Lock lock(mutex_);
  return !free_.empty();
}

std::optional<EntryId> ReferenceQueue::next() {
  const Lock lock(mutex_);
  if (free_.empty()) return {};
  const auto at = places_.find(*free_.begin());
  std::deque<EntryId>& waiting = at->second.waiting;
  const EntryId id = waiting.front();
  waiting.pop_front();
  // The others stay queued: this one may have left the folder.
  if (waiting.empty()) {
    free_.erase(at->first);
    places_.erase(at);
  }
  return id;
}

}  // namespace socbridge::relay
