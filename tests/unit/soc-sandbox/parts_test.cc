// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

std::string new_alert(Sandbox& sandbox, std::string_view members = {}) {
  const Reply reply = sandbox.post_alert(members);
  REQUIRE(reply.status == 201);
  return "/api/v1/alert/" + std::string(*parsed(reply).root()["_id"].string());
}

std::string form(std::string_view json, std::string_view file_part) {
  std::string body = "--b0\r\nContent-Disposition: form-data; name=\"_json\"\r\n\r\n";
  body.append(json).append("\r\n--b0\r\nContent-Disposition: form-data; name=\"");
  body.append(file_part).append(
      "\"; filename=\"a.exe\"\r\nContent-Type: application/x-test\r\n\r\n");
  return body + "MZ\r\n--b0--\r\n";
}

constexpr std::string_view kForm =
    "Authorization: Bearer test-key\r\nContent-Type: multipart/form-data; boundary=b0\r\n";

}  // namespace

TEST_CASE("repeated observables of one alert are stored once") {
  Sandbox sandbox;
  new_alert(sandbox,
            R"("observables":[{"dataType":"ip","data":["192.0.2.1","192.0.2.1"]},)"
            R"({"dataType":"ip","data":"192.0.2.1"},{"dataType":"other","data":"192.0.2.1"}])");
  const auto found = sandbox.query(R"({"_name":"listObservable"})");
  CHECK(found.root().size() == 2);
  CHECK(found.root().at(0)["tlp"].integer() == 2);
}

TEST_CASE("an added observable is answered as a list, an existing one is refused") {
  Sandbox sandbox;
  const std::string alert = new_alert(sandbox);
  const std::string one = R"({"dataType":"ip","data":"192.0.2.1","tags":["x"],"ioc":true})";
  const Reply added = sandbox.ask("POST", alert + "/observable", one);
  REQUIRE(added.status == 201);
  CHECK(parsed(added).root().at(0)["ioc"].boolean() == true);
  const Reply again = sandbox.ask("POST", alert + "/observable", one);
  CHECK(again.status == 400);
  CHECK(error_type(again) == "CreateError");
  const Reply mixed = sandbox.ask("POST", alert + "/observable",
                                  R"({"dataType":"ip","data":["192.0.2.1","192.0.2.2"]})");
  CHECK(mixed.status == 207);
  CHECK(parsed(mixed).root()["success"].size() == 1);
  CHECK(parsed(mixed).root()["failure"].at(0)["object"]["data"].string() == "192.0.2.1");
  CHECK(sandbox.ask("POST", "/api/v1/alert/~9/observable", one).status == 404);
  CHECK(parsed(sandbox.ask("GET", alert)).root()["observableCount"].integer() == 2);
}

TEST_CASE("parts: an observable is changed and removed") {
  Sandbox sandbox;
  const std::string alert = new_alert(sandbox);
  const Reply added =
      sandbox.ask("POST", alert + "/observable", R"({"dataType":"ip","data":"192.0.2.1"})");
  const std::string path =
      "/api/v1/observable/" + std::string(*parsed(added).root().at(0)["_id"].string());
  CHECK(sandbox.ask("PATCH", path, R"({"ioc":true,"addTags":["seen"]})").status == 204);
  CHECK(parsed(sandbox.ask("GET", path)).root()["tags"].dump() == R"(["seen"])");
  CHECK(sandbox.ask("DELETE", path).status == 204);
  CHECK(parsed(sandbox.ask("GET", alert)).root()["observableCount"].integer() == 0);
}

TEST_CASE("files are parts of a form, named by the alert or called attachment") {
  Sandbox sandbox;
  RawClient client(sandbox.port());
  const std::string body =
      form(alert(R"("observables":[{"dataType":"file","attachment":"f0"}])"), "f0");
  client.send(RawClient::request("POST", "/api/v1/alert", body, kForm));
  const Reply created = client.receive();
  REQUIRE(created.status == 201);
  const std::string id(*parsed(created).root()["_id"].string());
  const auto found = sandbox.query(R"({"_name":"listObservable"})");
  CHECK(found.root().at(0)["attachment"]["name"].string() == "a.exe");
  CHECK(found.root().at(0)["attachment"]["size"].integer() == 2);

  client.send(RawClient::request("POST", "/api/v1/alert/" + id + "/observable",
                                 form(R"({"dataType":"file"})", "attachment"), kForm));
  CHECK(client.receive().status == 400);  // the same content already exists
  client.send(
      RawClient::request("POST", "/api/v1/alert", form(alert(R"("sourceRef":"b")"), "x"), kForm));
  CHECK(client.receive().status == 201);
}

TEST_CASE("comments and procedures are added and listed") {
  Sandbox sandbox;
  const std::string alert = new_alert(sandbox);
  const Reply comment = sandbox.ask("POST", alert + "/comment", R"({"message":"seen"})");
  REQUIRE(comment.status == 201);
  CHECK(parsed(comment).root()["createdAt"]);
  CHECK(parsed(comment).root()["_createdAt"].missing());
  CHECK(sandbox.ask("POST", alert + "/comment", "{}").status == 400);
  CHECK(
      sandbox.ask("POST", alert + "/procedure", R"({"patternId":"T1110","occurDate":5})").status ==
      201);
  const Reply many = sandbox.ask(
      "POST", alert + "/procedures",
      R"({"procedures":[{"patternId":"T1059.001","occurDate":5,"tactic":"execution"}]})");
  CHECK(many.status == 201);
  CHECK(parsed(many).root().size() == 1);
  const auto listed = sandbox.query(R"({"_name":"listAlert"},{"_name":"procedures"})");
  CHECK(listed.root().size() == 2);
  CHECK(sandbox.query(R"({"_name":"listAlert"},{"_name":"comments"})").root().size() == 1);
  const std::string id(*parsed(comment).root()["_id"].string());
  CHECK(sandbox.ask("PATCH", "/api/v1/comment/" + id, R"({"message":"fixed"})").status == 204);
  CHECK(sandbox.query(R"({"_name":"listComment"})").root().at(0)["isEdited"].boolean() == true);
}
