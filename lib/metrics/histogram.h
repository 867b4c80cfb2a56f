// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "json/value.h"
#include "json/writer.h"
#include "service/prometheus_text.h"

namespace socbridge::metrics {

// A histogram of durations, from a second to a month. For one thread.
class Histogram {
 public:
  struct Bound {
    std::int64_t ms;
    const char* seconds;
  };
  static constexpr std::array<Bound, 14> kBounds = {{{1000, "1"},
                                                     {5000, "5"},
                                                     {15000, "15"},
                                                     {60000, "60"},
                                                     {300000, "300"},
                                                     {900000, "900"},
                                                     {1800000, "1800"},
                                                     {3600000, "3600"},
                                                     {14400000, "14400"},
                                                     {28800000, "28800"},
                                                     {86400000, "86400"},
                                                     {259200000, "259200"},
                                                     {604800000, "604800"},
                                                     {2592000000, "2592000"}}};

  // Negative durations (clock differences) count as 0.
  void add(std::int64_t ms);
  std::uint64_t count() const { return up_to_.back(); }
  void write(PrometheusText& out, std::string_view name, std::string_view help) const;

  void save(json::Writer& w) const;  // an array, for load()
  // Replaces the counts; invalid data is ignored.
  void load(json::Value saved);

 private:
  std::array<std::uint64_t, kBounds.size() + 1> up_to_{};  // per bound; the last one: all
  std::int64_t sum_ms_ = 0;
};

}  // namespace socbridge::metrics
