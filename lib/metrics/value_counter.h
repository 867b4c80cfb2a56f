// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/value.h"
#include "json/writer.h"
#include "metrics/counts.h"

namespace socbridge::metrics {

// Counts by values that are not known in advance, at most `most` different ones. Others are counted
// as kOther, so that the number of series is bounded.
class ValueCounter {
 public:
  explicit ValueCounter(std::size_t most) : most_(most) {}
  void add(std::string_view value, std::uint64_t count = 1);
  const Counts& counts() const { return counts_; }

  void save(json::Writer& w) const;  // an object, for load()
  void load(json::Value saved);      // added to the counts

 private:
  std::size_t most_;
  Counts counts_;
};

}  // namespace socbridge::metrics
