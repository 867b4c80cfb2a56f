// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace socbridge::relay {

// The id of an entry in 16 bytes, because there may be many.
struct PackedId {
  std::uint64_t ms = 0, random = 0;
  bool operator==(const PackedId&) const = default;
  bool operator<(const PackedId& other) const {
    return ms != other.ms ? ms < other.ms : random < other.random;
  }
};
std::optional<PackedId> pack(std::string_view id);
std::string unpack(const PackedId& id);

// Waiting entries and their due times. About 130 bytes each. Pure.
class DueList {
 public:
  // Adds an entry, or changes its time.
  void put(const PackedId& id, UnixMillis due_ms);
  void drop(const PackedId& id);
  bool knows(const PackedId& id) const { return due_.contains(id); }
  std::size_t size() const { return due_.size(); }

  // Takes a due entry: alternately the one that waits longest and the newest, so that neither a
  // backlog nor a stream of new alerts starves the other.
  std::optional<PackedId> take(UnixMillis now_ms);

  // The earliest due time.
  std::optional<UnixMillis> next_due_ms() const;

  void clear();

 private:
  struct Hash {
    std::size_t operator()(const PackedId& id) const {
      return static_cast<std::size_t>(id.random ^ id.ms * 0x9E3779B97F4A7C15ULL);
    }
  };
  std::unordered_map<PackedId, UnixMillis, Hash> due_;
  std::set<std::pair<UnixMillis, PackedId>> order_;
  bool newest_ = false;
};

}  // namespace socbridge::relay
