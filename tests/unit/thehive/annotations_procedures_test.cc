// SPDX-License-Identifier: Apache-2.0
// Procedures of alerts and cases: against a sandbox that keeps them, and against fixed answers.
#include "fixture.h"
#include "json/value.h"
#include "support/canned_server.h"
#include "thehive/annotations.h"

namespace socbridge::thehive {
namespace {

Procedure technique(const char* id, const char* tactic = "") {
  return {id, 1700000000000, tactic, "seen"};
}

const std::string kVersion = test::http_answer(200, R"({"version":"5.7.3-1"})");
const std::string kNone = test::http_answer(200, "[]");

// put_procedures() for case ~1 against a server with these answers.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<ProceduresWritten> put(const std::vector<Procedure>& procedures) {
    return put_procedures(client, Subject::of_case("~1"), procedures, Fixture::soon());
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url(), Secret("key"), ""}};
};

}  // namespace

TEST_CASE("procedures are added once; an unknown technique keeps no other one out") {
  Fixture w;
  for (const Subject& subject : {w.new_case(), w.new_alert()}) {
    INFO(subject.text());
    const std::vector<Procedure> wanted = {technique("T1110"), technique("T1059.006", "execution"),
                                           technique("T1110")};
    auto written = put_procedures(w.client, subject, wanted, Fixture::soon());
    REQUIRE(written.ok());
    CHECK(written->added == 2);
    written = put_procedures(w.client, subject,
                             {technique("T1110"), technique("T9999"), technique("T1078")},
                             Fixture::soon());
    REQUIRE(written.ok());
    CHECK(written->present == 1);
    CHECK(written->added == 1);
    REQUIRE(written->refused.size() == 1);
    CHECK(written->refused[0].first == "T9999");
    CHECK(list_procedures(w.client, subject, Fixture::soon())->size() == 3);
  }
}

TEST_CASE("a procedure is known by its tactic too where both name one") {
  Fixture w;
  const Subject subject = w.new_case();
  REQUIRE(put_procedures(w.client, subject, {technique("T1078", "persistence")}, Fixture::soon())
              ->added == 1);
  const auto same = put_procedures(w.client, subject, {technique("T1078")}, Fixture::soon());
  REQUIRE(same.ok());
  CHECK(same->present == 1);
  CHECK(same->added == 0);
  const auto other = put_procedures(w.client, subject, {technique("T1078", "privilege-escalation")},
                                    Fixture::soon());
  REQUIRE(other.ok());
  CHECK(other->added == 1);
}

TEST_CASE("procedures are listed with tactic, description and time") {
  Fixture w;
  const Subject subject = w.new_alert();
  const std::vector<Procedure> sent = {technique("T1110", "credential-access")};
  REQUIRE(put_procedures(w.client, subject, sent, Fixture::soon()).ok());
  const auto listed = list_procedures(w.client, subject, Fixture::soon());
  REQUIRE(listed.ok());
  REQUIRE(listed->size() == 1);
  const ProcedureInfo& one = listed->front();
  CHECK_FALSE(one.id.empty());
  CHECK(one.pattern_id == "T1110");
  CHECK(one.tactic == "credential-access");
  CHECK(one.description == "seen");
  CHECK(one.occur_ms == 1700000000000);
}

TEST_CASE("versions before 5.1 get one procedure a request, version 4 at its own path") {
  for (const char* version : {"5.0.25-1", "4.1.24-1"}) {
    INFO(version);
    Fixture w({"status=500,path=/api/v1/case/procedures"}, version);
    const Subject subject = w.new_case();
    const auto written = put_procedures(
        w.client, subject, {technique("T1110"), technique("T9999"), technique("T1078")},
        Fixture::soon());
    REQUIRE(written.ok());
    CHECK(written->added == 2);
    REQUIRE(written->refused.size() == 1);
    CHECK(written->refused[0].first == "T9999");
    CHECK(list_procedures(w.client, subject, Fixture::soon())->size() == 2);
  }
}

TEST_CASE("TheHive 4 refuses procedures of alerts, and says what to do") {
  Fixture w({}, "4.1.24-1");
  const auto written =
      put_procedures(w.client, w.new_alert(), {technique("T1110")}, Fixture::soon());
  CHECK(written.status().code() == ExitCode::refused);
  CHECK(written.status().line() ==
        "TheHive 4.1.24-1 has procedures on cases only; promote the alert to a case first");
}

TEST_CASE("procedures whose answer was lost count as added and are not written twice") {
  Fixture w({"commit-then-drop,first=2,method=POST,path=/api/v1/case/*"});
  const Subject subject = w.new_case();
  const auto many =
      put_procedures(w.client, subject, {technique("T1110"), technique("T1078")}, Fixture::soon());
  REQUIRE(many.ok());
  CHECK(many->added == 2);
  const auto one = put_procedures(w.client, subject, {technique("T1059.006")}, Fixture::soon());
  REQUIRE(one.ok());
  CHECK(one->added == 1);
  CHECK(list_procedures(w.client, subject, Fixture::soon())->size() == 3);
}

TEST_CASE("an end that leaves open whether procedures were written is not success") {
  const std::string half = "HTTP/1.1 201 X\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{";
  Canned w({kVersion, kNone, half, kNone});
  const auto written = w.put({technique("T1110"), technique("T1078")});
  CHECK(written.status().code() == ExitCode::unreachable);
  CHECK_THAT(written.status().message(), Catch::StartsWith("adding procedures to case ~1: "));
  const auto requests = w.server.requests();
  REQUIRE(requests.size() == 4);  // version, look, many, look
  CHECK_THAT(requests[2], Catch::StartsWith("POST /api/v1/case/~1/procedures ") ||
                              Catch::StartsWith("POST /api/v1/case/%7E1/procedures "));
}

TEST_CASE("a key that may not write procedures ends it after one request") {
  Canned w({kVersion, kNone,
            test::http_answer(403, R"({"type":"AuthorizationError","message":"not permitted"})")});
  const auto written = w.put({technique("T1110"), technique("T1078"), technique("T1059")});
  CHECK(written.status().code() == ExitCode::auth);
  CHECK(w.server.requests().size() == 3);
}

}  // namespace socbridge::thehive
