// SPDX-License-Identifier: Apache-2.0
#include "opensearch/search_page.h"

#include <catch2/catch.hpp>

namespace socbridge::opensearch {

TEST_CASE("search page: the documents of an answer, as text") {
  SearchPage page;
  REQUIRE(page.take(R"({"pit_id":"abc==","took":3,"timed_out":false,
    "_shards":{"total":3,"successful":3,"skipped":0,"failed":0},
    "hits":{"max_score":null,"hits":[
      {"_index":"a","_id":"1","_score":null,"_source":{"x":"]}\"","hits":[1]},"sort":[17,"i"]},
      {"_index":"b","_id":"2","_score":null,"_source":{},"sort":[ 18 ]}]}})"));
  REQUIRE(page.size() == 2);
  CHECK(page[0].index == "a");
  CHECK(page[0].id == "1");
  CHECK(page[0].time == "17");
  CHECK(page[0].sort == R"(17,"i")");
  CHECK(page[0].raw.starts_with(R"({"_index":"a")"));
  CHECK(page[0].raw.ends_with(R"("sort":[17,"i"]})"));
  CHECK(page[1].sort == "18");
  CHECK(page.point_in_time() == "abc==");
  CHECK(page.shards().whole());
}

TEST_CASE("search page: optional members of an answer") {
  const Shards lacking =
      shards_of(R"({"timed_out":true,"_shards":{"total":6,"successful":2,"failed":0}})");
  CHECK(lacking.total == 6);
  CHECK(lacking.answered == 2);
  CHECK(lacking.timed_out);
  CHECK(!lacking.whole());
  const Shards lost = shards_of(
      R"({"timed_out":false,"_shards":{"total":2,"successful":1,"failed":1,"failures":[
         {"reason":{"type":"search_context_missing_exception","reason":"No context [7]"}}]}})");
  CHECK(lost.context_lost);
  CHECK(lost.failure == "No context [7]");
  CHECK(
      shards_of(R"({"timed_out":false,"_shards":{"total":2,"successful":2,"failed":0}})").whole());
}

TEST_CASE("an invalid answer to a search is refused") {
  SearchPage page;
  for (const char* text :
       {"", "{}", "<html>", R"({"hits":{"hits":{}}})", R"({"hits":[]})",
        R"({"hits":{"hits":[{"_id":"1"}]}})", R"({"hits":{"hits":[{"_id":"1","sort":[1]},]}})"}) {
    INFO(text);
    CHECK(!page.take(text));
  }
  CHECK(page.take(R"({"hits":{"hits":[]}})"));
  CHECK(page.size() == 0);
}

}  // namespace socbridge::opensearch
