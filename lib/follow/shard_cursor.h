// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "json/value.h"
#include "opensearch/alert_query.h"
#include "opensearch/client.h"
#include "opensearch/seq_ranges.h"

namespace socbridge::follow {

// The position in one shard. Sequence numbers grow with each indexed document, whatever its time,
// so a late document only has a higher number. A search may temporarily lack a number (its document
// is being indexed, or waits for the next refresh). Up to `settled` nothing is missing any more;
// above it the stored numbers are recorded individually.
class ShardCursor {
 public:
  ShardCursor() = default;
  explicit ShardCursor(const opensearch::Shard& shard)
      : index_(shard.index), uuid_(shard.uuid), number_(shard.number) {}
  // Empty uuid() if the JSON is not a cursor.
  static ShardCursor read(json::Value value);
  std::string write() const;  // JSON

  const std::string& index() const { return index_; }
  const std::string& uuid() const { return uuid_; }
  int number() const { return number_; }
  std::string key() const { return uuid_ + "/" + std::to_string(number_); }

  // A search for at most `size` documents that were not stored, above the number `behind`, in order
  // of their sequence numbers. If stored numbers form more than 500 ranges, some stored documents
  // are returned again.
  std::string query(const std::string& wanted, std::size_t size, std::int64_t behind) const;
  bool is_new(std::int64_t seq_no) const { return seq_no > settled_ && !taken_.has(seq_no); }
  void take(std::int64_t seq_no) {
    if (seq_no > settled_) taken_.add(seq_no);
  }
  // Whether there may be documents to read, if `last_seq_no` is the last number.
  bool may_have_more(std::int64_t last_seq_no) const { return settled_ < last_seq_no; }
  // All results of a search were stored; `last_seq_no` was read before it, at `now_ms` (monotonic).
  // Numbers that existed `late_ms` ago become settled. True if that changed.
  bool read_through(std::int64_t last_seq_no, std::int64_t now_ms, std::int64_t late_ms);

  std::int64_t settled() const { return settled_; }

 private:
  std::string index_, uuid_;
  int number_ = 0;
  std::int64_t settled_ = -1;
  opensearch::SeqRanges taken_;
  std::deque<std::pair<std::int64_t, std::int64_t>> passes_;  // time, last sequence number then
};

}  // namespace socbridge::follow
