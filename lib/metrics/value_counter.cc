// SPDX-License-Identifier: Apache-2.0
#include "metrics/value_counter.h"

#include <algorithm>

namespace socbridge::metrics {

void ValueCounter::add(std::string_view value, std::uint64_t count) {
  const auto find = [this](std::string_view name) {
    return std::find_if(counts_.begin(), counts_.end(),
                        [name](const auto& one) { return one.first == name; });
  };
  auto at = find(value);
  if (at == counts_.end() && counts_.size() >= most_) {
    value = kOther;
    at = find(value);
  }
  if (at == counts_.end()) at = counts_.emplace(counts_.end(), value, 0);
  at->second += count;
}

void ValueCounter::save(json::Writer& w) const {
  w.begin_object();
  for (const auto& [value, count] : counts_) w.member(value, count);
  w.end_object();
}

void ValueCounter::load(json::Value saved) {
  for (std::size_t i = 0; i < saved.size(); ++i) {
    const auto count = saved.value_at(i).integer();
    if (count && *count >= 0) add(saved.key_at(i), static_cast<std::uint64_t>(*count));
  }
}

}  // namespace socbridge::metrics
