// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::opensearch {

// One document of a search answer, as views into its text.
struct Hit {
  std::string_view raw;        // {"_index":…,"_id":…,"_source":{…},"sort":[…]}
  std::string_view index, id;  // without quotes
  std::string_view sort;       // its sort values, without brackets: 1735689600000,"id"
  std::string_view time;       // the first of them
};

// The result of a search by shards.
struct Shards {
  std::int64_t total = 0, answered = 0;
  bool timed_out = false;
  std::string failure;        // of the first failed shard, the server's message
  bool context_lost = false;  // the point in time no longer exists
  bool whole() const { return !timed_out && answered >= total; }
};

// The answer of a search that is sorted by a time. Documents are not parsed and may have any depth.
class SearchPage {
 public:
  SearchPage() = default;
  SearchPage(SearchPage&&) = delete;

  // False if it is not such an answer.
  bool take(std::string answer);

  std::size_t size() const { return hits_.size(); }
  const Hit& operator[](std::size_t index) const { return hits_[index]; }
  const Shards& shards() const { return shards_; }
  std::string_view point_in_time() const { return point_in_time_; }  // its new id, or empty
  std::size_t bytes() const { return text_.size(); }

 private:
  bool add(std::string_view raw);

  std::string text_;
  std::vector<Hit> hits_;
  Shards shards_;
  std::string_view point_in_time_;
};

// `_shards` and `timed_out` of an answer.
Shards shards_of(std::string_view answer);

}  // namespace socbridge::opensearch
