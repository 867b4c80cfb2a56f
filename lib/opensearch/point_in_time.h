// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "opensearch/connection.h"

namespace socbridge::opensearch {

// A view of indices that does not change while it is read (docs/protocols/opensearch.md, "Point in
// time"). OpenSearch 2.4 and Elasticsearch 7.10 have different requests for it. If the version has
// none or the account may not create one, the indices are searched directly.
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
  // Shards that are not part of it: searches do not count them.
  std::int64_t missing_shards() const { return missing_shards_; }

  // Path of a search; with a point in time it has no index names.
  std::string path() const;
  // `"pit":{…},` or empty.
  std::string member() const;
  // A search may return a new id for the same point in time.
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
