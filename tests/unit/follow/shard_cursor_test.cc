// SPDX-License-Identifier: Apache-2.0
#include "follow/shard_cursor.h"

#include <catch2/catch.hpp>

namespace socbridge::follow {
namespace {

constexpr std::int64_t kLate = 1000;

ShardCursor fresh() { return ShardCursor({"alerts-1", "u-u-id", 2, 0}); }

ShardCursor again(const ShardCursor& cursor) {
  const auto document = json::Document::parse(cursor.write());
  REQUIRE(document.ok());
  return ShardCursor::read(document->root());
}

TEST_CASE("a document that becomes visible late is read then") {
  ShardCursor cursor = fresh();
  for (const std::int64_t number : {0, 1, 3}) cursor.take(number);  // 2 is being indexed
  CHECK_FALSE(cursor.read_through(3, 100, kLate));
  CHECK(cursor.is_new(2));
  CHECK_FALSE(cursor.is_new(3));
  CHECK(cursor.may_have_more(3));
  cursor.take(2);
  CHECK(cursor.read_through(3, 100 + kLate, kLate));
  CHECK(cursor.settled() == 3);
  CHECK_FALSE(cursor.may_have_more(3));
  CHECK(cursor.may_have_more(4));
}

TEST_CASE("missing sequence numbers do not block the reading") {
  ShardCursor cursor = fresh();
  cursor.take(5);  // 0 to 4 were deleted, or do not match
  CHECK_FALSE(cursor.read_through(9, 0, kLate));
  CHECK_FALSE(cursor.read_through(9, kLate - 1, kLate));
  CHECK(cursor.read_through(9, kLate, kLate));
  CHECK(cursor.settled() == 9);
}

TEST_CASE("only gaps of a certain age are settled") {
  ShardCursor cursor = fresh();
  CHECK_FALSE(cursor.read_through(10, 0, kLate));
  CHECK_FALSE(cursor.read_through(20, 500, kLate));
  CHECK(cursor.read_through(30, 1000, kLate));
  CHECK(cursor.settled() == 10);
  CHECK(cursor.read_through(30, 1500, kLate));
  CHECK(cursor.settled() == 20);
}

TEST_CASE("a checkpoint restores the documents already read") {
  ShardCursor cursor = fresh();
  for (std::int64_t number = 0; number < 1000; ++number) cursor.take(number);
  cursor.take(1002);
  const ShardCursor read = again(cursor);
  CHECK(read.key() == "u-u-id/2");
  CHECK(read.index() == "alerts-1");
  CHECK_FALSE(read.is_new(999));
  CHECK(read.is_new(1000));
  CHECK_FALSE(read.is_new(1002));
  CHECK(cursor.write().size() < 200);
  CHECK(ShardCursor::read(json::Value()).uuid().empty());
  const auto odd = json::Document::parse(R"({"uuid":"u","settled":1,"taken":"9-3"})");
  CHECK(ShardCursor::read(odd->root()).uuid().empty());
}

TEST_CASE("the query excludes documents already read") {
  ShardCursor cursor = fresh();
  cursor.take(3);
  cursor.take(4);
  const auto document = json::Document::parse(cursor.query(R"({"match_all":{}})", 7, -1));
  REQUIRE(document.ok());
  const json::Value query = document->root()["query"]["bool"];
  CHECK(document->root()["size"].integer() == 7);
  CHECK(query["filter"].at(0).path("range._seq_no.gt").integer() == -1);
  CHECK(query["must_not"].at(0).path("range._seq_no.gte").integer() == 3);
  CHECK(query["must_not"].at(0).path("range._seq_no.lte").integer() == 4);
  for (std::int64_t number = 10; number < 4000; number += 2) cursor.take(number);
  const auto must_not = [&](std::int64_t behind) {
    const auto read = json::Document::parse(cursor.query({}, 1, behind));
    return read->root().path("query.bool.must_not").size();
  };
  CHECK(must_not(-1) == 500);
  CHECK(must_not(9) == 499);
  const auto page = json::Document::parse(cursor.query({}, 1, 9));
  CHECK(page->root()["query"]["bool"]["filter"].at(0).path("range._seq_no.gt").integer() == 9);
}

}  // namespace
}  // namespace socbridge::follow
