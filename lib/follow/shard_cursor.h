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

// How far one shard was read. Its sequence numbers grow with each document that is indexed,
// whatever time the document has, so one that comes late is only one more. What a search shows may
// lack a number in between for a moment (it is being indexed, or waits for the next refresh): up to
// `settled` nothing is missing any more, and behind it the numbers that were taken are kept one by
// one.
class ShardCursor {
 public:
  ShardCursor() = default;
  explicit ShardCursor(const opensearch::Shard& shard)
      : index_(shard.index), uuid_(shard.uuid), number_(shard.number) {}
  // Empty uuid(): no such JSON.
  static ShardCursor read(json::Value value);
  std::string write() const;  // JSON

  const std::string& index() const { return index_; }
  const std::string& uuid() const { return uuid_; }
  int number() const { return number_; }
  std::string key() const { return uuid_ + "/" + std::to_string(number_); }

  // A request for at most `size` documents that were not taken, behind the number `behind`, in the
  // order of their sequence numbers. What was taken in more than 500 pieces is among them again.
  std::string query(const std::string& wanted, std::size_t size, std::int64_t behind) const;
  bool is_new(std::int64_t seq_no) const { return seq_no > settled_ && !taken_.has(seq_no); }
  void take(std::int64_t seq_no) {
    if (seq_no > settled_) taken_.add(seq_no);
  }
  // Whether there may be documents that were not taken, the last number being `last_seq_no`.
  bool may_have_more(std::int64_t last_seq_no) const { return settled_ < last_seq_no; }
  // All that a search showed was taken; `last_seq_no` was given before it, at `now_ms` (monotonic).
  // What was there `late_ms` ago is settled. True if that changed.
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
