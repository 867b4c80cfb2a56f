// SPDX-License-Identifier: Apache-2.0
#include "grouping/alert_updates.h"

#include <catch2/catch.hpp>

#include "json/value.h"

using namespace socbridge;
using namespace socbridge::grouping;

namespace {

thehive::Observable ip(const std::string& data) { return {"ip", data, "from here", {"t"}}; }

json::Document body_of(const std::string& text) {
  auto document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

std::vector<AlertUpdate> v5(const std::vector<thehive::Observable>& all,
                            const std::string& case_id = "") {
  return observable_requests("~1", case_id, all, thehive::ApiVersion::v5);
}

}  // namespace

TEST_CASE("alert updates: no observables, no requests") { CHECK(v5({}, "~7").empty()); }

TEST_CASE("values with equal properties are sent together, in their order") {
  const auto requests = v5({ip("1"), ip("2"), ip("3")});
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].method == "POST");
  CHECK(requests[0].observables);
  const auto body = body_of(requests[0].body);
  const json::Value root = body.root();
  CHECK(root["data"].dump() == R"(["1","2","3"])");
  CHECK(root["dataType"].string() == "ip");
  CHECK(root["message"].string() == "from here");
  CHECK(root["tags"].dump() == R"(["t"])");
  CHECK(root["tlp"].integer() == 2);
  CHECK(root["pap"].integer() == 2);
  CHECK(root["ioc"].boolean() == false);
  CHECK(root["ignoreSimilarity"].boolean() == false);
}

TEST_CASE("alerts with any difference are separate") {
  std::vector<thehive::Observable> all(8, ip("x"));
  all[1].data_type = "domain";
  all[2].message = "from there";
  all[3].tags = {"t", "u"};
  all[4].tlp = 3;
  all[5].pap = 1;
  all[6].ioc = true;
  all[7].ignore_similarity = true;
  CHECK(v5(all).size() == 8);
  // Not only neighbours travel together.
  all.push_back(ip("last"));
  const auto requests = v5(all);
  REQUIRE(requests.size() == 8);
  CHECK(body_of(requests[0].body).root()["data"].dump() == R"(["x","last"])");
  CHECK(body_of(requests[6].body).root()["ioc"].boolean() == true);
}

TEST_CASE("a refused type is tried as other, with the type as a tag; other has no fallback") {
  const auto request = v5({ip("1")}).front();
  const auto fallback = body_of(request.fallback);
  CHECK(fallback.root()["dataType"].string() == "other");
  CHECK(fallback.root()["tags"].dump() == R"(["t","type:ip"])");
  CHECK(fallback.root()["data"].dump() == R"(["1"])");
  thehive::Observable other = ip("1");
  other.data_type = "other";
  CHECK(v5({other}).front().fallback.empty());
}

TEST_CASE("the case of an alert gets the same updates, each after that of the alert") {
  thehive::Observable domain = ip("a.example");
  domain.data_type = "domain";
  const auto requests = v5({ip("1"), domain}, "~7");
  REQUIRE(requests.size() == 4);
  CHECK(requests[0].path == "/api/v1/alert/~1/observable");
  CHECK(requests[1].path == "/api/v1/case/~7/observable");
  CHECK(requests[1].body == requests[0].body);
  CHECK(requests[1].fallback == requests[0].fallback);
  CHECK(requests[3].path == "/api/v1/case/~7/observable");
}

TEST_CASE("an id of a server cannot lead elsewhere") {
  const std::string id = "../~1?x#\n\u00e4";
  const auto requests = observable_requests(id, id, {ip("1")}, thehive::ApiVersion::v4);
  REQUIRE(requests.size() == 2);
  for (const AlertUpdate& request : requests) {
    CAPTURE(request.path);
    CHECK(request.path.find_first_of("?#\n") == std::string::npos);
    CHECK(request.path.find("/../") == std::string::npos);
  }
  CHECK(requests[0].path.ends_with("/artifact"));
  const AlertUpdate patch = patch_request(id, "{}");
  CHECK(patch.path.find_first_of("?#\n") == std::string::npos);
  CHECK(patch.path.starts_with("/api/v1/alert/"));
}

TEST_CASE("hostile values stay in their place in the body") {
  thehive::Observable one = ip("\",\"tlp\":0,\"x\":\"\x01\n");
  one.tags = {"a\"b"};
  const auto body = body_of(v5({one}).front().body);
  CHECK(body.root()["data"].at(0).string() == one.data);
  CHECK(body.root()["tlp"].integer() == 2);
  CHECK(body.root()["tags"].at(0).string() == "a\"b");
}

TEST_CASE("a change of an alert is only its body") {
  const AlertUpdate patch = patch_request("~41", R"({"title":"t"})");
  CHECK(patch.method == "PATCH");
  CHECK(patch.path == "/api/v1/alert/~41");
  CHECK(patch.body == R"({"title":"t"})");
  CHECK(patch.fallback.empty());
  CHECK_FALSE(patch.observables);
}
