// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace socbridge::relay {

// Histogram of the time from acceptance of an alert to its arrival in TheHive. Thread-safe.
class DeliveryTimes {
 public:
  struct Bound {
    std::int64_t ms;
    const char* seconds;
  };
  static constexpr std::array<Bound, 11> kBounds = {{{100, "0.1"},
                                                     {500, "0.5"},
                                                     {1000, "1"},
                                                     {5000, "5"},
                                                     {15000, "15"},
                                                     {60000, "60"},
                                                     {300000, "300"},
                                                     {900000, "900"},
                                                     {3600000, "3600"},
                                                     {21600000, "21600"},
                                                     {86400000, "86400"}}};

  // A negative value (the clock was set back meanwhile) counts as 0.
  void add(std::int64_t ms);

  struct Counts {
    std::array<std::uint64_t, kBounds.size() + 1> up_to{};  // by bound; the last one: all
    std::int64_t sum_ms = 0;
  };
  // During concurrent add() calls, sum and counts may differ by those values.
  Counts counts() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::int64_t> sum_ms_ = 0;
};

}  // namespace socbridge::relay
