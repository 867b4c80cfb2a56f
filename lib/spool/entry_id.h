// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::spool {

// An entry's id in 16 bytes: the milliseconds at which it was accepted and 64 random bits. In the
// order of the ids.
struct EntryId {
  std::uint64_t ms = 0, random = 0;
  bool operator==(const EntryId&) const = default;
  bool operator<(const EntryId& other) const {
    return ms != other.ms ? ms < other.ms : random < other.random;
  }
};

std::optional<EntryId> parse_id(std::string_view id);  // empty: not an id, see is_id()
// 13 digits of milliseconds, so that names sort by time, a hyphen, 16 hex digits.
std::string id_text(const EntryId& id);

}  // namespace socbridge::spool
