// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::sandbox::opencti {

// Makes the n-th of any number of events for benches and endurance runs, always the same one: new
// indicators for addresses. Event n (from 0) is for the address of hit number n / hit_every if
// hit_every divides n, else for one of 11.0.0.0/8.
struct EventMaker {
  std::uint64_t events = 0;
  std::uint64_t hit_every = 1000;
  std::uint64_t hit_values = 1000;       // so many different addresses are hit, again and again
  std::uint64_t first_ms = 0;            // id of event 0; event n has first_ms + n
  std::uint64_t dependency_every = 100;  // so many have their author sent before them

  // {"events":N,"hit_every":N,"hit_values":N,"first_ms":N}; first_ms defaults to so long ago that
  // the last event is a minute old.
  static Result<EventMaker> read(json::Value settings, std::uint64_t now_ms);

  bool is_hit(std::uint64_t n) const { return n % hit_every == 0; }
  std::string address(std::uint64_t n) const;
  static std::string indicator_id(std::uint64_t n);
  // Frames of the event as they are sent; `recovered`: as from the database.
  void append_frames(std::uint64_t n, bool recovered, std::string& out) const;
};

}  // namespace socbridge::sandbox::opencti
