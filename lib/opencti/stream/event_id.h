// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge::opencti {

// `<epoch ms>-<n>`: the position of an event in the live stream (docs/protocols/opencti.md, "Stream
// frames"). Compared as two numbers.
struct EventId {
  std::uint64_t ms = 0;
  std::uint64_t n = 0;

  bool operator==(const EventId&) const = default;
  bool operator<(const EventId& other) const {
    return ms != other.ms ? ms < other.ms : n < other.n;
  }
  bool operator<=(const EventId& other) const { return !(other < *this); }
  std::string text() const;

  // Both numbers are required: the server reads a bare millisecond number as "now"
  // (docs/protocols/opencti.md, "Stream request").
  static std::optional<EventId> parse(std::string_view text);
  // This id moved back by `by_ms`, with n = 0.
  EventId earlier(std::uint64_t by_ms) const { return {ms > by_ms ? ms - by_ms : 0, 0}; }
};

}  // namespace socbridge::opencti
