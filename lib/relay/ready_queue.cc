// SPDX-License-Identifier: Apache-2.0
#include "relay/ready_queue.h"

#include <algorithm>

namespace socbridge::relay {

using Lock = std::lock_guard<std::mutex>;

bool ReadyQueue::known(const EntryId& id) const {
  return due_.knows(id) || taken_.contains(id) || parked_.contains(id);
}

void ReadyQueue::found(const EntryId& id, UnixMillis due_ms) {
  const Lock lock(mutex_);
  if (!known(id)) due_.put(id, due_ms);
}

void ReadyQueue::touched(const EntryId& id, UnixMillis due_ms) {
  const Lock lock(mutex_);
  if (!taken_.contains(id) && !parked_.contains(id)) due_.put(id, due_ms);
}

void ReadyQueue::left(const EntryId& id) {
  const Lock lock(mutex_);
  if (taken_.contains(id)) return;
  due_.drop(id);
  parked_.erase(id);
  held_.erase(id);
}

std::optional<EntryId> ReadyQueue::take(UnixMillis now_ms) {
  const Lock lock(mutex_);
  const auto id = due_.take(now_ms);
  if (!id) return {};
  taken_.insert(*id);
  return id;
}

void ReadyQueue::put(const EntryId& id, UnixMillis due_ms) {
  const Lock lock(mutex_);
  taken_.erase(id);
  held_.erase(id);
  parked_.erase(id);
  due_.put(id, due_ms);
}

void ReadyQueue::park(const EntryId& id) {
  const Lock lock(mutex_);
  taken_.erase(id);
  parked_.insert(id);
}

bool ReadyQueue::unpark(const EntryId& id) {
  const Lock lock(mutex_);
  if (parked_.erase(id) == 0) return false;
  taken_.insert(id);
  return true;
}

void ReadyQueue::done(const EntryId& id) {
  const Lock lock(mutex_);
  taken_.erase(id);
  held_.erase(id);
}

void ReadyQueue::put_held(const EntryId& id, UnixMillis due_ms) {
  const Lock lock(mutex_);
  taken_.erase(id);
  parked_.erase(id);
  held_.try_emplace(id, steady_now_ms());
  due_.put(id, due_ms);
}

std::size_t ReadyQueue::held() const {
  const Lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      held_.begin(), held_.end(), [this](const auto& one) { return !taken_.contains(one.first); }));
}

void ReadyQueue::not_held(const EntryId& id) {
  const Lock lock(mutex_);
  held_.erase(id);
}

std::vector<EntryId> ReadyQueue::held_for(std::int64_t least_ms) const {
  constexpr std::size_t kMost = 1000;
  const Lock lock(mutex_);
  const std::int64_t latest = steady_now_ms() - least_ms;
  std::vector<EntryId> ids;
  for (const auto& [id, since] : held_) {
    if (since <= latest && ids.size() < kMost) ids.push_back(id);
  }
  return ids;
}

std::optional<UnixMillis> ReadyQueue::next_due_ms() const {
  const Lock lock(mutex_);
  return due_.next_due_ms();
}

std::size_t ReadyQueue::waiting() const {
  const Lock lock(mutex_);
  return due_.size() + parked_.size();
}

std::size_t ReadyQueue::parked() const {
  const Lock lock(mutex_);
  return parked_.size();
}

void ReadyQueue::forget_due() {
  const Lock lock(mutex_);
  due_.clear();
}

}  // namespace socbridge::relay
