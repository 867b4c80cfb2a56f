// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socbridge::opensearch {

// A set of sequence numbers of one shard, stored as ranges: most numbers are consecutive, so it
// stays small.
class SeqRanges {
 public:
  void add(std::int64_t number);
  bool has(std::int64_t number) const;
  void drop_up_to(std::int64_t number);  // inclusive

  bool empty() const { return ranges_.empty(); }
  std::size_t size() const { return ranges_.size(); }  // of ranges
  // The longest ranges, at most `most`, each with its first and last number.
  std::vector<std::pair<std::int64_t, std::int64_t>> longest(std::size_t most) const;

  std::string text() const;  // "3-17,19,22-40"
  // Empty if the text is not a list of ranges.
  static std::optional<SeqRanges> parse(std::string_view text);
  bool operator==(const SeqRanges&) const = default;

 private:
  std::map<std::int64_t, std::int64_t> ranges_;  // first to last
};

}  // namespace socbridge::opensearch
