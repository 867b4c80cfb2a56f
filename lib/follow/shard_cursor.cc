// SPDX-License-Identifier: Apache-2.0
#include "follow/shard_cursor.h"

#include <algorithm>

#include "json/writer.h"

namespace socbridge::follow {

ShardCursor ShardCursor::read(json::Value value) {
  ShardCursor out;
  const auto taken = opensearch::SeqRanges::parse(value["taken"].text());
  const auto settled = value["settled"].integer();
  if (!taken || !settled || *settled < -1) return {};
  out.index_ = value["index"].text();
  out.uuid_ = value["uuid"].text();
  out.number_ = static_cast<int>(value["shard"].integer().value_or(0));
  out.settled_ = *settled;
  out.taken_ = *taken;
  return out;
}

std::string ShardCursor::write() const {
  json::Writer w;
  w.begin_object();
  w.member("index", index_);
  w.member("uuid", uuid_);
  w.member("shard", number_);
  w.member("settled", settled_);
  w.member("taken", taken_.text());
  w.end_object();
  return std::move(w).take();
}

std::string ShardCursor::query(const std::string& wanted, std::size_t size,
                               std::int64_t behind) const {
  constexpr std::size_t kMostRanges = 500;  // a query has at most 1,024 clauses
  std::string out = R"({"size":)" + std::to_string(size) +
                    R"(,"track_total_hits":false,"sort":[{"_seq_no":"asc"}],"query":{"bool":{)"
                    R"("filter":[{"range":{"_seq_no":{"gt":)" +
                    std::to_string(std::max(settled_, behind)) + "}}}";
  if (!wanted.empty()) out += "," + wanted;
  out += "],\"must_not\":[";
  bool first = true;
  for (const auto& [from, to] : taken_.longest(kMostRanges)) {
    if (to <= behind) continue;
    if (!first) out += ',';
    first = false;
    out += R"({"range":{"_seq_no":{"gte":)" + std::to_string(from) + R"(,"lte":)" +
           std::to_string(to) + "}}}";
  }
  return out + "]}}}";
}

bool ShardCursor::read_through(std::int64_t last_seq_no, std::int64_t now_ms,
                               std::int64_t late_ms) {
  if (passes_.empty() || passes_.back().second < last_seq_no) {
    passes_.emplace_back(now_ms, last_seq_no);
  }
  const std::int64_t before = settled_;
  while (!passes_.empty() && passes_.front().first <= now_ms - late_ms) {
    settled_ = std::max(settled_, passes_.front().second);
    passes_.pop_front();
  }
  taken_.drop_up_to(settled_);
  return settled_ != before;
}

}  // namespace socbridge::follow
