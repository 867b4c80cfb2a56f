// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

void fill(Sandbox& sandbox) {
  REQUIRE(
      sandbox.post_alert(R"("sourceRef":"a","severity":1,"date":1000,"tags":["x","y"])").status ==
      201);
  REQUIRE(sandbox
              .post_alert(
                  R"("sourceRef":"b","severity":3,"date":2000,"tags":["y"],"title":"Brute Force")")
              .status == 201);
  REQUIRE(
      sandbox.post_alert(R"("sourceRef":"c","severity":3,"date":3000,"type":"other","summary":"s")")
          .status == 201);
}

// The sourceRefs that a filter leaves, in order of arrival.
std::string refs(Sandbox& sandbox, const std::string& filter) {
  const auto found = sandbox.query(R"({"_name":"listAlert"},{"_name":"filter",)" + filter + "}");
  std::string all;
  for (std::size_t i = 0; i < found.root().size(); ++i) {
    all += *found.root().at(i)["sourceRef"].string();
  }
  return all;
}

int refused(Sandbox& sandbox, const std::string& operations) {
  const Reply reply = sandbox.ask("POST", "/api/v1/query", "{\"query\":" + operations + "}");
  if (reply.status != 200) CHECK(error_type(reply) == "BadRequest");
  return reply.status;
}

}  // namespace

TEST_CASE("query: filters") {
  Sandbox sandbox;
  fill(sandbox);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("_is":{"_field":"type","_value":"wazuh"})", "ab"},
      {R"("_eq":{"_field":"severity","_value":3})", "bc"},
      {R"("_ne":{"_field":"severity","_value":3})", "a"},
      {R"("_in":{"_field":"tags","_values":["x"]})", "a"},
      {R"("_in":{"_field":"sourceRef","_values":["a","c","z"]})", "ac"},
      {R"("_in":{"_field":"sourceRef","_values":[]})", ""},
      {R"("_gte":{"_field":"date","_value":2000})", "bc"},
      {R"("_gt":{"_field":"date","_value":2000})", "c"},
      {R"("_lte":{"_field":"date","_value":2000})", "ab"},
      {R"("_lt":{"_field":"date","_value":2000})", "a"},
      {R"("_between":{"_field":"date","_from":1000,"_to":3000})", "ab"},
      {R"("_like":{"_field":"title","_value":"force"})", "b"},
      {R"("_like":{"_field":"title","_value":"b*ce"})", "b"},
      {R"("_startsWith":{"_field":"title","_value":"Brute"})", "b"},
      {R"("_startsWith":{"_field":"title","_value":"brute"})", ""},
      {R"("_endsWith":{"_field":"title","_value":"Force"})", "b"},
      {R"("_has":"summary")", "c"},
      {R"("_has":"tags")", "ab"},
      {R"("_not":{"_has":"summary"})", "ab"},
      {R"("_not":{"_in":{"_field":"type","_values":["wazuh","z"]}})", "c"},
      {R"("_not":{"_in":{"_field":"summary","_values":["s"]}})", "ab"},  // without them
      {R"("_and":[{"_is":{"_field":"severity","_value":3}},{"_not":{"_in":{"_field":"assignee","_values":["a@b"]}}}])",
       "bc"},
      {R"("_any":"")", "abc"},
      {R"("_and":[])", "abc"},
      {R"("_or":[])", ""},
      {R"("_or":[{"_is":{"_field":"sourceRef","_value":"a"}},{"_has":"summary"}])", "ac"},
      {R"("_and":[{"_is":{"_field":"type","_value":"wazuh"}},{"_gte":{"_field":"severity","_value":2}}])",
       "b"},
      {R"("_gte":{"_field":"_createdAt","_value":{"amount":1,"unit":"hours","look":"behind"}})",
       "abc"},
      {R"("_lte":{"_field":"_createdAt","_value":{"amount":1,"unit":"hours","look":"behind"}})",
       ""},
      {R"("_is":{"_field":"follow","_value":true})", "abc"},
  };
  for (const auto& [filter, expected] : cases) {
    INFO(filter);
    CHECK(refs(sandbox, filter) == expected);
  }
  const auto first = sandbox.query(R"({"_name":"listAlert"})");
  CHECK(refs(sandbox, "\"_id\":" + first.root().at(1)["_id"].dump()) == "b");
}

TEST_CASE("unsupported parts of the query language are refused") {
  Sandbox sandbox;
  fill(sandbox);
  for (
      const char* operations : {
          R"({})",
          R"([])",
          R"([{"_name":"listNothing"}])",
          R"([{"name":"listAlert"}])",
          R"([{"_name":"filter","_any":""}])",
          R"([{"_name":"listAlert"},{"_name":"nothing"}])",
          R"([{"_name":"listAlert"},{"_name":"alerts"}])",
          R"([{"_name":"listAlert"},{"_name":"filter"}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_is":{"_field":"nothing","_value":1}}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_is":{"_field":"severity","_value":"3"}}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_is":{"_field":"title"}}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_equals":{"_field":"title","_value":"x"}}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_has":"x","_any":""}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_like":{"_field":"date","_value":"1"}}])",
          R"([{"_name":"listAlert"},{"_name":"filter","_in":{"_field":"title","_value":"x"}}])",
          R"([{"_name":"listAlert"},{"_name":"sort","fields":[{"date":"desc"}]}])",
          R"([{"_name":"listAlert"},{"_name":"sort","_fields":[{"date":"down"}]}])",
          R"([{"_name":"listAlert"},{"_name":"sort","_fields":[{"nothing":"asc"}]}])",
          R"([{"_name":"listAlert"},{"_name":"page","from":0}])",
          R"([{"_name":"listAlert"},{"_name":"page","from":5,"to":1}])",
          R"([{"_name":"listAlert"},{"_name":"count"},{"_name":"page","from":0,"to":1}])",
          R"([{"_name":"getAlert"}])",
      }) {
    INFO(operations);
    CHECK(refused(sandbox, operations) == 400);
  }
  std::string deep = R"({"_any":""})";
  for (int i = 0; i < 100; ++i) deep = R"({"_not":)" + deep + "}";
  CHECK(refused(sandbox, R"([{"_name":"listAlert"},{"_name":"filter","_not":)" + deep + "}]") ==
        400);
}

TEST_CASE("sort, page, total, count and left-out fields") {
  Sandbox sandbox;
  fill(sandbox);
  const auto sorted = sandbox.query(
      R"({"_name":"listAlert"},{"_name":"sort","_fields":[{"severity":"desc"},{"date":"desc"}]})");
  CHECK(sorted.root().at(0)["sourceRef"].string() == "c");
  CHECK(sorted.root().at(1)["sourceRef"].string() == "b");
  const Reply paged = sandbox.ask(
      "POST", "/api/v1/query",
      R"({"query":[{"_name":"listAlert"},{"_name":"page","from":1,"to":2,"extraData":["total"]}],)"
      R"("excludeFields":["description"]})");
  CHECK(paged.head.find("X-Total: 3\r\n") != std::string::npos);
  CHECK(parsed(paged).root().size() == 1);
  CHECK(parsed(paged).root().at(0)["sourceRef"].string() == "b");
  CHECK(parsed(paged).root().at(0)["description"].missing());
  CHECK(sandbox.query(R"({"_name":"listAlert"},{"_name":"count"})").root().integer() == 3);
  CHECK(sandbox.query(R"({"_name":"listAlert"},{"_name":"page","from":9,"to":20})").root().size() ==
        0);
}

TEST_CASE("traversals from an object to related ones") {
  Sandbox sandbox;
  const Reply created = sandbox.post_alert(
      R"("observables":[{"dataType":"ip","data":"192.0.2.1"}],"procedures":[{"patternId":"T1110","occurDate":1}])");
  const std::string id(*parsed(created).root()["_id"].string());
  const std::string get = R"({"_name":"getAlert","idOrName":")" + id + "\"}";
  CHECK(sandbox.query(get).root().size() == 1);
  CHECK(sandbox.query(R"({"_name":"getAlert","idOrName":"wazuh;mgr;r-1"})").root().size() == 1);
  CHECK(sandbox.query(R"({"_name":"getAlert","idOrName":"~1"})").root().size() == 0);
  CHECK(sandbox.query(get + R"(,{"_name":"observables"})").root().size() == 1);
  CHECK(sandbox.query(get + R"(,{"_name":"case"})").root().size() == 0);
  REQUIRE(sandbox.ask("POST", "/api/v1/alert/" + id + "/case").status == 201);
  CHECK(sandbox.query(get + R"(,{"_name":"case"})").root().at(0)["number"].integer() == 1);
  const auto cases = sandbox.query(
      R"({"_name":"listObservable"},{"_name":"filter","_is":{"_field":"data","_value":"192.0.2.1"}},{"_name":"case"})");
  CHECK(cases.root().size() == 1);
  const auto extra = sandbox.query(
      R"({"_name":"listAlert"},{"_name":"page","from":0,"to":1,"extraData":["relatedCase"]})");
  CHECK(extra.root().at(0)["extraData"]["relatedCase"]["number"].integer() == 1);
}
