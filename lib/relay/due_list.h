// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/time.h"
#include "spool/entry_id.h"

namespace socbridge::relay {

using spool::EntryId;  // 16 bytes, since there may be many

// Waiting entries and their due times. About 130 bytes each. Pure.
class DueList {
 public:
  // Adds an entry, or changes its time.
  void put(const EntryId& id, UnixMillis due_ms);
  void drop(const EntryId& id);
  bool knows(const EntryId& id) const { return due_.contains(id); }
  std::size_t size() const { return due_.size(); }

  // Takes a due entry: alternately the one that waits longest and the newest, so that neither a
  // backlog nor a stream of new alerts starves the other.
  std::optional<EntryId> take(UnixMillis now_ms);

  // The earliest due time.
  std::optional<UnixMillis> next_due_ms() const;

  void clear();

 private:
  struct Hash {
    std::size_t operator()(const EntryId& id) const {
      return static_cast<std::size_t>(id.random ^ id.ms * 0x9E3779B97F4A7C15ULL);
    }
  };
  std::unordered_map<EntryId, UnixMillis, Hash> due_;
  std::set<std::pair<UnixMillis, EntryId>> order_;
  bool newest_ = false;
};

}  // namespace socbridge::relay
