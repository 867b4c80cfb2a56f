// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::sandbox::opencti {

// Makes the n-th event of a reproducible sequence, for benchmarks and endurance tests: new
// indicators for addresses. Event n (from 0) is for the address of hit number n / hit_every if
// hit_every divides n, else for one in 11.0.0.0/8.
struct EventMaker {
  std::uint64_t events = 0;
  std::uint64_t hit_every = 1000;
  std::uint64_t hit_values = 1000;       // number of different hit addresses, which repeat
  std::uint64_t first_ms = 0;            // id of event 0; event n has first_ms + n
  std::uint64_t dependency_every = 100;  // every n-th event has its author sent before it

  // {"events":N,"hit_every":N,"hit_values":N,"first_ms":N}; the default of first_ms makes the last
  // event a minute old.
  static Result<EventMaker> read(json::Value settings, std::uint64_t now_ms);

  bool is_hit(std::uint64_t n) const { return n % hit_every == 0; }
  std::string address(std::uint64_t n) const;
  static std::string indicator_id(std::uint64_t n);
  // Frames of the event; `recovered`: as from the database.
  void append_frames(std::uint64_t n, bool recovered, std::string& out) const;
};

}  // namespace socbridge::sandbox::opencti
