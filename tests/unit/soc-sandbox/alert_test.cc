// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "json/writer.h"
#include "raw_client.h"

using namespace socbridge;
using namespace socbridge::sandbox::test;

namespace {

std::string quoted(const char* name, const std::string& value) {
  return std::string("\"") + name + "\":" + json::quote(value);
}

}  // namespace

TEST_CASE("a created alert is answered with every member that is always there") {
  Sandbox sandbox;
  const Reply reply = sandbox.post_alert(
      R"("date":1700000000000,"severity":4,"tlp":4,"pap":3,"tags":["a"],"externalLink":"https://x")");
  REQUIRE(reply.status == 201);
  const auto body = parsed(reply);
  for (const char* name :
       {"_id",       "_type",    "_createdBy",  "_createdAt", "type",          "source",
        "sourceRef", "title",    "description", "severity",   "severityLabel", "date",
        "tlp",       "tlpLabel", "pap",         "papLabel",   "follow",        "observableCount",
        "status",    "stage",    "extraData",   "newDate",    "timeToDetect"}) {
    INFO(name);
    CHECK(body.root()[name]);
  }
  CHECK(body.root()["_type"].string() == "alert");
  CHECK(body.root()["date"].integer() == 1700000000000);
  CHECK(body.root()["severityLabel"].string() == "CRITICAL");
  CHECK(body.root()["tlpLabel"].string() == "RED");
  CHECK(body.root()["observables"].missing());
  CHECK(sandbox.server().alert_count() == 1);
}

TEST_CASE("missing, wrongly typed and too long values are refused and nothing is stored") {
  Sandbox sandbox;
  const std::vector<std::string> wrong = {
      R"("type":null)",
      R"("type":"")",
      quoted("type", std::string(33, 'x')),
      quoted("source", std::string(33, 'x')),
      quoted("sourceRef", std::string(129, 'x')),
      R"("sourceRef":7)",
      R"("title":"")",
      quoted("title", std::string(513, 'x')),
      quoted("description", std::string(1048577, 'x')),
      R"("externalLink":"")",
      quoted("externalLink", std::string(4097, 'x')),
      R"("severity":0)",
      R"("severity":5)",
      R"("severity":"3")",
      R"("severity":2.5)",
      R"("tlp":5)",
      R"("tlp":-1)",
      R"("pap":4)",
      R"("date":"1700000000000")",
      R"("date":"2025-01-01T00:00:00Z")",
      R"("flag":1)",
      R"("tags":"a")",
      R"("tags":["a","a"])",
      R"("tags":[""])",
      R"("tags":[1])",
      "\"tags\":[" + json::quote(std::string(129, 'x')) + "]",
      R"("observables":{})",
      R"("observables":["x"])",
      R"("observables":[{"data":"x"}])",
      R"("observables":[{"dataType":"ip"}])",
      R"("observables":[{"dataType":"ip","data":""}])",
      R"("observables":[{"dataType":"ip","data":[]}])",
      R"("observables":[{"dataType":"ip","data":[1]}])",
      R"("observables":[{"dataType":"ip","data":"192.0.2.1","tlp":9}])",
      R"("observables":[{"dataType":"ip","data":"192.0.2.1","ioc":"yes"}])",
      R"("observables":[{"dataType":"file","data":"x"}])",
      R"("observables":[{"dataType":"file","attachment":"f0"}])",
      "\"observables\":[{\"dataType\":\"other\",\"data\":" + json::quote(std::string(4097, 'x')) +
          "}]",
      R"("procedures":[{"patternId":"T1059"}])",
      R"("procedures":[{"occurDate":1}])",
      R"("procedures":[{"patternId":"T1059","occurDate":1,"tactic":"magic"}])",
      R"("customFields":"x")",
  };
  for (const std::string& members : wrong) {
    INFO(members.substr(0, 100));
    const Reply reply = sandbox.post_alert(members);
    CHECK(reply.status == 400);
    CHECK(error_type(reply) == "BadRequest");
  }
  CHECK(sandbox.server().alert_count() == 0);
}

TEST_CASE("the longest that is allowed passes, counted in UTF-16 units") {
  Sandbox sandbox;
  std::string title;
  for (int i = 0; i < 256; ++i) title += "\xF0\x9F\x94\xA5";  // two units each
  CHECK(sandbox.post_alert(quoted("title", title)).status == 201);
  CHECK(sandbox.post_alert(quoted("title", title + "x") + ",\"sourceRef\":\"b\"").status == 400);
  CHECK(sandbox
            .post_alert(quoted("sourceRef", std::string(128, 'x')) + "," +
                        quoted("externalLink", std::string(4096, 'x')))
            .status == 201);
  CHECK(sandbox.post_alert(R"("sourceRef":"c","description":"")").status == 201);
  CHECK(sandbox.post_alert(R"("sourceRef":"d","unknown":{"a":1},"tags":null)").status == 201);
}

TEST_CASE("alert: limits follow the version") {
  Sandbox old(options({}, "5.1.9-1"));
  CHECK(old.post_alert(R"("tlp":4)").status == 400);
  CHECK(old.post_alert(quoted("externalLink", std::string(513, 'x'))).status == 400);
  CHECK(old.post_alert(R"("observables":[{"dataType":"IP","data":"192.0.2.1"}])").status == 404);
  Sandbox fresh;
  CHECK(fresh.post_alert(R"("observables":[{"dataType":"IP","data":"192.0.2.1"}])").status == 201);
}

TEST_CASE("names that do not exist are 404 and nothing is stored") {
  Sandbox sandbox;
  for (
      const char* members :
      {R"("observables":[{"dataType":"ip","data":"192.0.2.1"},{"dataType":"username","data":"u"}])",
       R"("procedures":[{"patternId":"T9999","occurDate":1}])", R"("caseTemplate":"none")",
       R"("status":"Strange")", R"("assignee":"unknown@example.org")", R"("customFields":{"cf":1})",
       R"("customFields":[{"name":"cf","value":1}])"}) {
    INFO(members);
    const Reply reply = sandbox.post_alert(members);
    CHECK(reply.status == 404);
    CHECK(error_type(reply) == "NotFoundError");
  }
  CHECK(sandbox.server().alert_count() == 0);
  CHECK(
      error_message(sandbox.post_alert(R"("observables":[{"dataType":"username","data":"u"}])")) ==
      "ObservableType username not found");
}

TEST_CASE("types, custom fields and case templates can be created") {
  Sandbox sandbox;
  CHECK(sandbox.ask("POST", "/api/v1/observable/type", R"({"name":"username"})").status == 201);
  CHECK(sandbox.ask("POST", "/api/v1/observable/type", R"({"name":"username"})").status == 400);
  CHECK(sandbox
            .ask("POST", "/api/v1/customField",
                 R"({"name":"cf","group":"g","description":"d","type":"integer"})")
            .status == 201);
  CHECK(sandbox.ask("POST", "/api/v1/caseTemplate", R"({"name":"triage"})").status == 201);
  CHECK(sandbox.post_alert(R"("customFields":{"cf":"text"})").status == 400);
  const Reply reply = sandbox.post_alert(
      R"("customFields":{"cf":7},"caseTemplate":"triage","observables":[{"dataType":"username","data":"u"}])");
  CHECK(reply.status == 201);
  const auto body = parsed(reply);
  CHECK(body.root()["customFields"].at(0)["value"].integer() == 7);
  CHECK(body.root()["observableCount"].integer() == 1);
}

TEST_CASE("a second alert of the same key is refused in TheHive's words and changes nothing") {
  Sandbox sandbox;
  REQUIRE(sandbox.post_alert("").status == 201);
  const Reply reply = sandbox.post_alert(R"("title":"Other")");
  CHECK(reply.status == 400);
  CHECK(error_type(reply) == "CreateError");
  CHECK(error_message(reply) == "Alert wazuh:mgr:r-1 already exist in organisation sandbox");
  const Reply found = sandbox.ask("GET", "/api/v1/alert/wazuh%3Bmgr%3Br-1");
  CHECK(parsed(found).root()["title"].string() == "Title");
  CHECK(sandbox.server().alert_count() == 1);
}

TEST_CASE("of many concurrent senders exactly one creates") {
  Sandbox sandbox;
  std::atomic<int> created{0}, duplicates{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 16; ++i) {
    senders.emplace_back([&] {
      const Reply reply = sandbox.post_alert("");
      created += reply.status == 201 ? 1 : 0;
      duplicates += reply.status == 400 ? 1 : 0;
    });
  }
  for (std::thread& sender : senders) sender.join();
  CHECK(created == 1);
  CHECK(duplicates == 15);
}

TEST_CASE("an alert is found by id and by key, changed and removed") {
  Sandbox sandbox;
  const Reply created = sandbox.post_alert(R"("tags":["a","b"])");
  const std::string id(*parsed(created).root()["_id"].string());
  const std::string path = "/api/v1/alert/" + id;
  CHECK(sandbox.ask("GET", path).status == 200);
  CHECK(sandbox.ask("GET", "/api/v1/alert/wazuh;mgr;r-1").status == 200);
  CHECK(sandbox.ask("GET", "/api/v1/alert/wazuh%3Bmgr%3Br-2").status == 404);
  CHECK(sandbox.ask("GET", "/api/v1/alert/~7").status == 404);

  const Reply changed = sandbox.ask(
      "PATCH", path, R"({"severity":4,"addTags":["c","a"],"removeTags":["b"],"status":"Ignored"})");
  CHECK(changed.status == 204);
  CHECK(changed.body.empty());
  const auto now = parsed(sandbox.ask("GET", path));
  CHECK(now.root()["tags"].dump() == R"(["a","c"])");
  CHECK(now.root()["severity"].integer() == 4);
  CHECK(now.root()["stage"].string() == "Closed");
  CHECK(now.root()["_updatedAt"]);
  CHECK(sandbox.ask("PATCH", path, R"({"severity":9})").status == 400);

  CHECK(sandbox.ask("DELETE", path).status == 204);
  CHECK(sandbox.ask("GET", path).status == 404);
  CHECK(sandbox.ask("DELETE", path).status == 404);
  CHECK(sandbox.post_alert("").status == 201);
}

TEST_CASE("a promoted alert becomes a case with its observables") {
  Sandbox sandbox;
  const Reply created =
      sandbox.post_alert(R"("observables":[{"dataType":"ip","data":["192.0.2.1","192.0.2.2"]}])");
  const std::string id(*parsed(created).root()["_id"].string());
  const Reply promoted = sandbox.ask("POST", "/api/v1/alert/" + id + "/case", "{}");
  REQUIRE(promoted.status == 201);
  CHECK(parsed(promoted).root()["number"].integer() == 1);
  const auto alert = parsed(sandbox.ask("GET", "/api/v1/alert/" + id));
  CHECK(alert.root()["status"].string() == "Imported");
  CHECK(alert.root()["caseId"].string() == parsed(promoted).root()["_id"].string());
  const auto observables =
      sandbox.query(R"({"_name":"getCase","idOrName":"1"},{"_name":"observables"})");
  CHECK(observables.root().size() == 2);
  CHECK(sandbox.ask("POST", "/api/v1/alert/" + id + "/case", "{}").status == 400);
}
