// SPDX-License-Identifier: Apache-2.0
#include "metrics/histogram.h"

#include <algorithm>

namespace socbridge::metrics {

void Histogram::add(std::int64_t ms) {
  constexpr std::int64_t kLongest = std::int64_t{1} << 40U;  // 35 years; sums of it do not overflow
  ms = std::clamp<std::int64_t>(ms, 0, kLongest);
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (ms <= kBounds.at(i).ms) ++up_to_.at(i);
  }
  ++up_to_.back();
  sum_ms_ += ms;
}

void Histogram::write(PrometheusText& out, std::string_view name, std::string_view help) const {
  out.family(name, PrometheusText::Type::histogram, help);
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    out.sample(up_to_.at(i), {{"le", kBounds.at(i).seconds}}, "_bucket");
  }
  out.sample(up_to_.back(), {{"le", "+Inf"}}, "_bucket");
  out.seconds(sum_ms_, {}, "_sum");
  out.sample(up_to_.back(), {}, "_count");
}

void Histogram::save(json::Writer& w) const {
  w.begin_array();
  for (const std::uint64_t count : up_to_) w.value(count);
  w.value(sum_ms_);
  w.end_array();
}

void Histogram::load(json::Value saved) {
  Histogram out;
  if (saved.size() != out.up_to_.size() + 1) return;  // it has other bounds
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < out.up_to_.size(); ++i) {
    const auto count = saved.at(i).integer();
    if (!count || *count < 0 || static_cast<std::uint64_t>(*count) < before) return;
    out.up_to_.at(i) = before = static_cast<std::uint64_t>(*count);
  }
  const auto sum = saved.at(out.up_to_.size()).integer();
  if (!sum || *sum < 0) return;
  out.sum_ms_ = *sum;
  *this = out;
}

}  // namespace socbridge::metrics
