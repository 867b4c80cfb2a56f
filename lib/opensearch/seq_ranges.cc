// SPDX-License-Identifier: Apache-2.0
#include "opensearch/seq_ranges.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace socbridge::opensearch {
namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
  const auto number = parse_u64(text);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() - 1);
  if (!number || *number > kMost) return {};
  return static_cast<std::int64_t>(*number);
}

}  // namespace

void SeqRanges::add(std::int64_t number) {
  auto next = ranges_.upper_bound(number);
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (number <= before->second) return;
    if (number == before->second + 1) {
      before->second = number;
      if (next != ranges_.end() && next->first == number + 1) {
        before->second = next->second;
        ranges_.erase(next);
      }
      return;
    }
  }
  if (next != ranges_.end() && next->first == number + 1) {
    const std::int64_t last = next->second;
    ranges_.erase(next);
    ranges_[number] = last;
    return;
  }
  ranges_[number] = number;
}

bool SeqRanges::has(std::int64_t number) const {
  const auto next = ranges_.upper_bound(number);
  return next != ranges_.begin() && number <= std::prev(next)->second;
}

void SeqRanges::drop_up_to(std::int64_t number) {
  while (!ranges_.empty() && ranges_.begin()->first <= number) {
    const std::int64_t last = ranges_.begin()->second;
    ranges_.erase(ranges_.begin());
    if (last > number) ranges_[number + 1] = last;
  }
}

std::vector<std::pair<std::int64_t, std::int64_t>> SeqRanges::longest(std::size_t most) const {
  std::vector<std::pair<std::int64_t, std::int64_t>> out(ranges_.begin(), ranges_.end());
  if (out.size() <= most) return out;
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.second - a.first > b.second - b.first; });
  out.resize(most);
  return out;
}

std::string SeqRanges::text() const {
  std::string out;
  for (const auto& [first, last] : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(first);
    if (last > first) out += "-" + std::to_string(last);
  }
  return out;
}

std::optional<SeqRanges> SeqRanges::parse(std::string_view text) {
  SeqRanges out;
  if (text.empty()) return out;
  std::int64_t behind = -1;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t hyphen = part.find('-');
    const auto first = number_of(part.substr(0, hyphen));
    const auto last = hyphen == std::string_view::npos ? first : number_of(part.substr(hyphen + 1));
    if (!first || !last || *last < *first || *first <= behind) return {};
    out.ranges_[*first] = *last;
    behind = *last;
  }
  return out;
}

}  // namespace socbridge::opensearch
