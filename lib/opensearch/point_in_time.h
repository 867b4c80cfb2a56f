// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "opensearch/connection.h"

namespace socbridge::opensearch {

// A view of indices that does not change while it is read (docs/protocols/opensearch.md, "Point in
// time"). OpenSearch 2.4 and Elasticsearch 7.10 have different requests for it, older ones have
// none, and an account may not be allowed to make one: then the indices are searched as they are.
class PointInTime {
 public:
  PointInTime(Connection& connection, std::string pattern);
  PointInTime(PointInTime&& other) noexcept;
  PointInTime& operator=(PointInTime&&) = delete;
  ~PointInTime();  // closes it

  // Errors: those of the connection.
  Status open();
  void close();
  bool is_open() const { return !id_.empty(); }
  // Shards that are not part of it: a search in it does not count them.
  std::int64_t missing_shards() const { return missing_shards_; }

  // Where a search goes: with a point in time its indices are not named again.
  std::string path() const;
  // `"pit":{…},` or nothing.
  std::string member() const;
  // A search may answer with another id for the same.
  void renamed(std::string_view id) { id_ = std::string(id); }

 private:
  enum class Kind { unknown, opensearch, elasticsearch, none };
  Result<bool> open_as(Kind kind);

  Connection* connection_;
  std::string pattern_;
  Kind kind_ = Kind::unknown;
  std::string id_;
  std::int64_t missing_shards_ = 0;
};

}  // namespace socbridge::opensearch
