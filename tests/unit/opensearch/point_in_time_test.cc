// SPDX-License-Identifier: Apache-2.0
#include "opensearch/point_in_time.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "scripted.h"

namespace socbridge::opensearch {
using test::Scripted;

namespace {

using Lines = std::vector<std::string>;
const std::string kOpenSearch =
    "POST /wazuh-*/_search/point_in_time?keep_alive=10m&ignore_unavailable=true";
const std::string kElasticsearch = "POST /wazuh-*/_pit?keep_alive=10m&ignore_unavailable=true";
const std::string kPit =
    Scripted::fine(R"({"pit_id":"id\"1","_shards":{"total":5,"successful":3}})");

}  // namespace

TEST_CASE("OpenSearch: created, named in searches, closed at the end") {
  Scripted node({kPit, Scripted::fine("{}")});
  Connection connection = node.connection();
  {
    PointInTime pit(connection, "wazuh-*");
    CHECK_FALSE(pit.is_open());
    CHECK(pit.member().empty());
    CHECK(pit.path() == "/wazuh-*/_search?ignore_unavailable=true&allow_no_indices=true");
    REQUIRE(pit.open().ok());
    CHECK(pit.is_open());
    CHECK(pit.missing_shards() == 2);
    CHECK(pit.path() == "/_search");
    CHECK(pit.member() == R"("pit":{"id":"id\"1","keep_alive":"10m"},)");
    pit.renamed("id2");
  }
  CHECK(node.lines() == Lines{kOpenSearch, "DELETE /_search/point_in_time"});
  CHECK_THAT(node.requests()[1], Catch::EndsWith(R"({"pit_id":["id2"]})"));
}

TEST_CASE("Elasticsearch's request if OpenSearch's is unknown, and so the next time too") {
  for (const char* unknown : {"400 Bad", "403 Forbidden", "404 Not Found", "405 Not Allowed"}) {
    Scripted node({Scripted::answer(unknown, "{}"), Scripted::fine(R"({"id":"e1"})"),
                   Scripted::fine("{}"), Scripted::fine(R"({"id":"e2"})"), Scripted::fine("{}")});
    Connection connection = node.connection();
    {
      PointInTime pit(connection, "wazuh-*");
      REQUIRE(pit.open().ok());
      CHECK(pit.missing_shards() == 0);
      pit.close();
      CHECK_FALSE(pit.is_open());
      REQUIRE(pit.open().ok());
    }
    CHECK(node.lines() ==
          Lines{kOpenSearch, kElasticsearch, "DELETE /_pit", kElasticsearch, "DELETE /_pit"});
    CHECK_THAT(node.requests()[2], Catch::EndsWith(R"({"id":"e1"})"));
  }
}

TEST_CASE("a cluster without points in time is searched live, and not asked again") {
  Scripted node({Scripted::answer("404 Not Found", "{}")});
  Connection connection = node.connection();
  {
    PointInTime pit(connection, "wazuh-*");
    REQUIRE(pit.open().ok());
    CHECK_FALSE(pit.is_open());
    REQUIRE(pit.open().ok());
  }
  CHECK(node.lines() == Lines{kOpenSearch, kElasticsearch});
}

TEST_CASE("point in time: an answer without an id is none") {
  Scripted node({Scripted::fine("{}"), Scripted::fine(R"({"id":{}})")});
  Connection connection = node.connection();
  PointInTime pit(connection, "wazuh-*");
  REQUIRE(pit.open().ok());
  CHECK_FALSE(pit.is_open());
}

TEST_CASE("other failures are errors, and nothing stays open") {
  for (const std::string& answer :
       {Scripted::answer("500 Error", "{}"), Scripted::answer("401 Unauthorized", "{}"),
        Scripted::fine("no JSON")}) {
    Scripted node({answer});
    Connection connection = node.connection();
    PointInTime pit(connection, "wazuh-*");
    CHECK_FALSE(pit.open().ok());
    CHECK_FALSE(pit.is_open());
  }
}

TEST_CASE("numbers of shards that cannot be count as none") {
  for (const char* shards :
       {R"({"total":"5","successful":null})", R"({"total":-2,"successful":9223372036854775807})",
        R"({"total":1e300,"successful":-1e300})", "[]", "7"}) {
    Scripted node({Scripted::fine(R"({"pit_id":"x","_shards":)" + std::string(shards) + "}"),
                   Scripted::fine("{}")});
    Connection connection = node.connection();
    PointInTime pit(connection, "wazuh-*");
    REQUIRE(pit.open().ok());
    CAPTURE(shards);
    CHECK(pit.missing_shards() <= 0);
  }
}

TEST_CASE("point in time: a moved-from object closes nothing") {
  Scripted node({kPit, Scripted::fine("{}")});
  Connection connection = node.connection();
  {
    PointInTime first(connection, "wazuh-*");
    REQUIRE(first.open().ok());
    const PointInTime second(std::move(first));
    CHECK(second.is_open());
    CHECK(second.missing_shards() == 2);
  }
  CHECK(node.requests().size() == 2);
}

TEST_CASE("an error when closing a point in time is ignored") {
  Scripted node({kPit, Scripted::answer("500 Error", "x")});
  Connection connection = node.connection();
  PointInTime pit(connection, "wazuh-*");
  REQUIRE(pit.open().ok());
  pit.close();
  CHECK_FALSE(pit.is_open());
  pit.close();
  CHECK(node.requests().size() == 2);
}

}  // namespace socbridge::opensearch
