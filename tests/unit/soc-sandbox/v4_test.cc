// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

sandbox::ServerOptions v4(std::string version = "4.1.24-1") {
  return options({}, std::move(version));
}

constexpr const char* kDate = R"("date":1741938001000)";  // must be there

}  // namespace

TEST_CASE("version 4 is recognised by its status calls") {
  Sandbox sandbox(v4());
  const Reply missing = sandbox.ask("GET", "/api/v1/status/public");
  CHECK(missing.status == 404);
  CHECK(error_type(missing) == "NotFoundError");
  CHECK(error_message(missing) == "/api/v1/status/public");
  const auto status = parsed(sandbox.ask("GET", "/api/status"));
  CHECK(status.root()["versions"]["TheHive"].string() == "4.1.24-1");
  const Reply user = sandbox.ask("GET", "/api/v1/user/current");
  CHECK(user.head.find("X-Organisation: sandbox\r\n") != std::string::npos);
  // Nothing is shown of an organisation without the user, and nothing is found there.
  const char* other = "X-Organisation: other\r\n";
  const auto stranger = parsed(sandbox.ask("GET", "/api/v1/user/current", {}, other));
  CHECK(stranger.root()["organisation"].string() == "***");
  CHECK(stranger.root()["organisations"].at(0)["organisation"].string() == "sandbox");
  CHECK(error_message(sandbox.ask("POST", "/api/v1/query", R"({"query":[]})", other)) ==
        "Organisation not found");
  CHECK(sandbox.ask("POST", "/api/alert", alert(), other).status == 403);
}

TEST_CASE("version 4 ignores observables and procedures on create") {
  Sandbox sandbox(v4());
  const Reply reply = sandbox.post_alert(
      R"("date":1,"observables":[{"dataType":"nonsense"}],"procedures":7,"severity":9,"caseTemplate":"none")");
  REQUIRE(reply.status == 201);
  const auto body = parsed(reply);
  CHECK(body.root()["observableCount"].integer() == 0);
  CHECK(body.root()["severity"].integer() == 9);
  CHECK(body.root()["severityLabel"].missing());
  CHECK(error_message(sandbox.post_alert(kDate)) ==
        "Alert wazuh:mgr:r-1 already exist in organisation sandbox");
}

TEST_CASE("version 4 gets observables afterwards, as artifacts") {
  Sandbox sandbox(v4());
  const std::string id(*parsed(sandbox.post_alert(kDate)).root()["_id"].string());
  const std::string one = R"({"dataType":"ip","data":["192.0.2.1"," "]})";
  CHECK(sandbox.ask("POST", "/api/v1/alert/" + id + "/observable", one).status == 404);
  const Reply added = sandbox.ask("POST", "/api/v1/alert/" + id + "/artifact", one);
  CHECK(added.status == 201);
  CHECK(parsed(added).root().size() == 1);
  const Reply again = sandbox.ask("POST", "/api/v1/alert/" + id + "/artifact", one);
  CHECK(again.status == 207);
  CHECK(parsed(again).root()["failure"].at(0)["message"].string() == "Observable already exists");
  CHECK(sandbox.ask("POST", "/api/v1/alert/" + id + "/comment", R"({"message":"m"})").status ==
        404);
}

TEST_CASE("the old API creates an alert with its artifacts") {
  Sandbox sandbox(v4());
  const Reply reply = sandbox.ask(
      "POST", "/api/alert",
      alert(
          R"("artifacts":[{"dataType":"ip","data":"192.0.2.1","tags":["t"]},{"dataType":"file","data":"a.txt;text/plain;QUJD"}])"));
  REQUIRE(reply.status == 201);
  const auto body = parsed(reply);
  CHECK(body.root()["id"].string() == body.root()["_id"].string());
  CHECK(body.root()["artifacts"].size() == 2);
  const std::string id(*body.root()["_id"].string());
  CHECK(sandbox.ask("GET", "/api/alert/" + id).status == 200);
  const Reply unknown =
      sandbox.ask("POST", "/api/alert",
                  alert(R"("sourceRef":"b","artifacts":[{"dataType":"username","data":"u"}])"));
  CHECK(unknown.status == 404);
  CHECK(sandbox.server().alert_count() == 1);
  CHECK(sandbox.ask("DELETE", "/api/alert/" + id).status == 204);
}

TEST_CASE("until 4.1.4 a repeated observable makes the whole alert fail") {
  const std::string repeated = alert(
      R"("artifacts":[{"dataType":"ip","data":"192.0.2.1"},{"dataType":"ip","data":"192.0.2.1"}])");
  Sandbox old(v4("4.1.4-1")), repaired(v4("4.1.5-1"));
  const Reply reply = old.ask("POST", "/api/alert", repeated);
  CHECK(reply.status == 400);
  CHECK(error_message(reply) == "Observable already exists");
  CHECK(old.server().alert_count() == 0);
  CHECK(repaired.ask("POST", "/api/alert", repeated).status == 201);
}

TEST_CASE("version 4 lists errors and treats other types as an empty body") {
  Sandbox sandbox(v4());
  const Reply reply = sandbox.ask("POST", "/api/v1/alert", R"({"type":7})");
  CHECK(reply.status == 400);
  CHECK(error_type(reply) == "AttributeCheckingError");
  CHECK(parsed(reply).root()["errors"].at(0)["type"].string() == "InvalidFormatAttributeError");
  CHECK(parsed(reply).root()["errors"].at(1)["type"].string() == "MissingAttributeError");
  RawClient client(sandbox.port());
  client.send(RawClient::request("POST", "/api/v1/alert", alert(),
                                 "Authorization: Bearer test-key\r\nContent-Type: text/plain\r\n"));
  CHECK(error_type(client.receive()) == "AttributeCheckingError");
}

TEST_CASE("version 4 has a smaller body limit and fewer filters") {
  Sandbox sandbox(v4());
  CHECK(sandbox.post_alert("\"description\":\"" + std::string(256 * 1024, 'x') + "\"").status ==
        413);
  CHECK(sandbox.post_alert(kDate).status == 201);
  const auto query = [&](const char* filter) {
    return sandbox.ask(
        "POST", "/api/v1/query",
        std::string(R"({"query":[{"_name":"listAlert"},{"_name":"filter",)") + filter + "}]}");
  };
  CHECK(query(R"("_eq":{"_field":"type","_value":"wazuh"})").status == 400);
  CHECK(query(R"("_has":"type")").status == 400);
  CHECK(parsed(query(R"("_is":{"_field":"type","_value":"wazuh"})")).root().size() == 1);
  CHECK(parsed(query(R"("_like":{"_field":"type","_value":"waz"})")).root().size() == 0);
  CHECK(parsed(query(R"("_like":{"_field":"type","_value":"waz*"})")).root().size() == 1);
}

TEST_CASE("v4: version 4 lists the accepted values") {
  Sandbox sandbox(v4());
  const Reply severity = sandbox.post_alert(R"("date":1,"severity":"2")");
  CHECK(error_message(severity) == "[Invalid format for severity: FString(2), expected int (int)]");
  CHECK(error_message(sandbox.ask("POST", "/api/v1/alert", R"({"type":"t","source":"s"})")) ==
        "[Attribute sourceRef is missing][Attribute title is missing][Attribute description is "
        "missing][Attribute date is missing]");
  CHECK(sandbox.post_alert(R"("date":"1741938001000")").status == 201);
  const Reply stage = sandbox.ask(
      "POST", "/api/v1/query",
      R"({"query":[{"_name":"listAlert"},{"_name":"filter","_is":{"_field":"stage","_value":"New"}}]})");
  CHECK(stage.status == 400);
  CHECK(error_message(stage) ==
        "Property stage for type org.thp.scalligraph.traversal.Traversal.V[org.thp.thehive.models."
        "Alert] not found");
}
