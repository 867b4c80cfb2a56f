// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socbridge::opensearch {

// One document of a search answer, as text in it.
struct Hit {
  std::string_view raw;        // {"_index":…,"_id":…,"_source":{…},"sort":[…]}
  std::string_view index, id;  // without quotes
  std::string_view sort;       // its sort values, without brackets: 1735689600000,"id"
  std::string_view time;       // the first of them
};

// What a search says beside its documents.
struct Shards {
  std::int64_t total = 0, answered = 0;
  bool timed_out = false;
  std::string failure;        // of the first shard that failed, in the server's words
  bool context_lost = false;  // the point in time is not there any more
  bool whole() const { return !timed_out && answered >= total; }
};

// An answer to a search that is sorted by a time. It is not read as JSON: documents stay text of
// any depth.
class SearchPage {
 public:
  SearchPage() = default;
  SearchPage(SearchPage&&) = delete;

  // False if it is no such answer.
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
