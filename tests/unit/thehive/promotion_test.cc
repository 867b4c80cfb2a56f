// SPDX-License-Identifier: Apache-2.0
#include "thehive/promotion.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::thehive {
namespace {

const Endpoint kEndpoint = {"http://127.0.0.1:9/base", Secret("k3y"), "soc"};

bool decided(const std::string& alert) {
  const auto document = json::Document::parse(alert);
  return is_decided(document->root());
}

std::string lacking(const std::string& permissions, ApiVersion version) {
  const auto document = json::Document::parse("{\"permissions\":" + permissions + "}");
  return lacking_to_promote(document->root(), version);
}

}  // namespace

TEST_CASE("a case is created from the named template") {
  const http::Request plain = promote_request(kEndpoint, "~1/2", "", 1000);
  CHECK(plain.method == "POST");
  CHECK(plain.url == "http://127.0.0.1:9/base/api/v1/alert/~1%2F2/case");
  CHECK(plain.body == "{}");
  CHECK(plain.content_type == "application/json");
  CHECK(promote_request(kEndpoint, "~1", "A \"b\"", 1000).body == R"({"caseTemplate":"A \"b\""})");
}

TEST_CASE("an alert is merged by the API of the version") {
  CHECK(merge_path("~1", "~2", ApiVersion::v5) == "/api/v1/alert/~1/merge/~2");
  CHECK(merge_path("~1", "~2", ApiVersion::v4) == "/api/alert/~1/merge/~2");
  CHECK(merge_request(kEndpoint, "~1", "~2", ApiVersion::v5, 1000).body.empty());
}

TEST_CASE("the newest open case is queried, in the syntax of the version") {
  const auto query = [](ApiVersion version) {
    return json::Document::parse(open_case_request(kEndpoint, "case-1", version, 1000).body);
  };
  const auto now = query(ApiVersion::v5);
  REQUIRE(now.ok());
  CHECK(now->root()["query"].size() == 6);
  CHECK(now->root()["query"].at(1).dump() ==
        R"({"_name":"filter","_in":{"_field":"tags","_values":["case-1"]}})");
  CHECK(now->root()["query"].at(3)["_or"].size() == 2);
  CHECK(query(ApiVersion::v4)->root()["query"].at(3)["_is"]["_value"].text() == "Open");
}

TEST_CASE("an alert in a case, and one that a person closed, needs no action") {
  CHECK_FALSE(decided(R"({"_id":"~1","stage":"New","read":false})"));
  CHECK_FALSE(decided(R"({"_id":"~1","stage":"InProgress"})"));
  CHECK(decided(R"({"_id":"~1","caseId":"~2"})"));
  CHECK(decided(R"({"_id":"~1","read":true})"));
  CHECK(decided(R"({"_id":"~1","stage":"Closed"})"));
}

TEST_CASE("a closed case is recognised in both versions") {
  const auto closed = [](const std::string& text) {
    return is_closed(json::Document::parse(text)->root());
  };
  CHECK(closed(R"({"_id":"~7","stage":"Closed","status":"Other"})"));
  CHECK(closed(R"({"_id":"~7","status":"Resolved"})"));
  CHECK(closed(R"({"_id":"~7","status":"Duplicated"})"));
  CHECK_FALSE(closed(R"({"_id":"~7","stage":"InProgress","status":"Pending"})"));
  CHECK_FALSE(closed(R"({"_id":"~7","status":"Open"})"));
  CHECK_FALSE(closed(R"({"_id":"~7"})"));
}

TEST_CASE("the rights that are missing to make cases") {
  CHECK(lacking(R"(["manageAlert/create"])", ApiVersion::v5) ==
        "manageAlert/import, manageCase/create");
  CHECK(lacking(R"(["manageAlert/import","manageCase"])", ApiVersion::v5).empty());
  CHECK(lacking(R"(["manageAlert"])", ApiVersion::v4) == "manageCase");
  CHECK(lacking(R"(["manageAlert","manageCase"])", ApiVersion::v4).empty());
}

}  // namespace socbridge::thehive
