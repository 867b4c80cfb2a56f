// SPDX-License-Identifier: Apache-2.0
#include "relay/due_list.h"

#include <iterator>
#include <limits>

namespace socbridge::relay {
void DueList::put(const EntryId& id, UnixMillis due_ms) {
  const auto [at, fresh] = due_.try_emplace(id, due_ms);
  if (!fresh) {
    if (at->second == due_ms) return;
    order_.erase({at->second, id});
    at->second = due_ms;
  }
  order_.emplace(due_ms, id);
}

void DueList::drop(const EntryId& id) {
  const auto at = due_.find(id);
  if (at == due_.end()) return;
  order_.erase({at->second, id});
  due_.erase(at);
}

std::optional<EntryId> DueList::take(UnixMillis now_ms) {
  if (order_.empty() || order_.begin()->first > now_ms) return {};
  auto at = order_.begin();
  if (newest_) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    at = std::prev(order_.upper_bound({now_ms, EntryId{kMost, kMost}}));
  }
  newest_ = !newest_;
  const EntryId id = at->second;
  due_.erase(id);
  order_.erase(at);
  return id;
}

std::optional<UnixMillis> DueList::next_due_ms() const {
  if (order_.empty()) return {};
  return order_.begin()->first;
}

void DueList::clear() {
  due_.clear();
  order_.clear();
}

}  // namespace socbridge::relay
