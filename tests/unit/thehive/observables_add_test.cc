// SPDX-License-Identifier: Apache-2.0
// Adding observables: against a sandbox that keeps them, and against fixed answers.
#include <algorithm>

#include "fixture.h"
#include "json/value.h"
#include "support/canned_server.h"
#include "support/raw_server.h"
#include "thehive/observables.h"

namespace socbridge::thehive {
namespace {

Observable ip(const char* data) {
  Observable out;
  out.data_type = "ip";
  out.data = data;
  return out;
}

std::vector<std::string> values(const std::vector<ObservableInfo>& list) {
  std::vector<std::string> out;
  for (const ObservableInfo& one : list) out.push_back(one.text());
  return out;
}

using Texts = std::vector<std::string>;

const std::string kVersion = test::http_answer(200, R"({"version":"5.7.3-1"})");
const std::string kNone = test::http_answer(200, "[]");

std::string refusal(int status, const std::string& type, const std::string& message) {
  return test::http_answer(status, R"({"type":")" + type + R"(","message":")" + message + "\"}");
}

// Adds to case ~1 of a server with these answers.
struct Canned {
  explicit Canned(std::vector<std::string> answers) : server(std::move(answers)) {}
  Result<ObservablesAdded> add(const std::vector<Observable>& observables) {
    return add_observables(client, Subject::of_case("~1"), observables, Fixture::soon());
  }
  std::size_t posts() const {
    const auto lines = server.requests();
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(),
        [](const std::string& line) { return line.find("/observable ") != std::string::npos; }));
  }
  test::CannedServer server;
  http::Client http{http::ClientOptions{}};
  Client client{http, {server.url(), Secret("key"), ""}};
};

}  // namespace

TEST_CASE("observables are added once, to alerts and cases, in every version") {
  for (const char* version : {"5.7.3-1", "5.0.25-1", "4.1.24-1"}) {
    Fixture w({}, version);
    for (const Subject& subject : {w.new_case(), w.new_alert()}) {
      INFO(version << " " << subject.text());
      auto added = add_observables(w.client, subject, {ip("203.0.113.7"), ip("203.0.113.8")},
                                   Fixture::soon());
      REQUIRE(added.ok());
      CHECK(values(added->created) == Texts{"203.0.113.7", "203.0.113.8"});
      CHECK(added->present.empty());
      added = add_observables(w.client, subject,
                              {ip("203.0.113.8"), ip("203.0.113.9"), ip("203.0.113.9")},
                              Fixture::soon());
      REQUIRE(added.ok());
      CHECK(values(added->created) == Texts{"203.0.113.9"});
      CHECK(values(added->present) == Texts{"203.0.113.8"});
      CHECK(added->refused.empty());
      CHECK(list_observables(w.client, subject, Fixture::soon())->size() == 3);
    }
  }
}

TEST_CASE("an unknown data type is refused alone, with the server's words") {
  Fixture w;
  const Subject subject = w.new_case();
  Observable odd = ip("x");
  odd.data_type = "no-such-type";
  const auto added = add_observables(w.client, subject, {odd, ip("203.0.113.7")}, Fixture::soon());
  REQUIRE(added.ok());
  CHECK(values(added->created) == Texts{"203.0.113.7"});
  REQUIRE(added->refused.size() == 1);
  CHECK(added->refused[0].second ==
        "HTTP 404 NotFoundError: ObservableType no-such-type not found");
}

TEST_CASE("observables add: a missing case ends it all") {
  Fixture w;
  const auto added =
      add_observables(w.client, Subject::of_case("77"), {ip("203.0.113.7")}, Fixture::soon());
  CHECK(added.status().code() == ExitCode::refused);
  CHECK(added.status().message().find("Case 77 not found") != std::string::npos);
}

TEST_CASE("observables whose answer was lost are not sent twice") {
  Fixture w({"commit-then-drop,first=1,method=POST,path=/api/v1/case/*"});
  const Subject subject = w.new_case();
  const auto added = add_observables(w.client, subject, {ip("203.0.113.7")}, Fixture::soon());
  REQUIRE(added.ok());
  CHECK(values(added->created) == Texts{"203.0.113.7"});
  CHECK(list_observables(w.client, subject, Fixture::soon())->size() == 1);
}

TEST_CASE("what another client added meanwhile counts as present") {
  // The look-up says nothing is there, the server then refuses one of two: 207 as version 4 does.
  using http::test::answer;
  constexpr const char* kJson = "Content-Type: application/json\r\n";
  const std::string there =
      R"([{"_id":"~2","dataType":"ip","data":"203.0.113.8","tags":[],"reports":{}}])";
  std::vector<std::string> answers = {
      answer("200 OK", R"({"version":"5.7.3-1"})", kJson), answer("200 OK", "[]", kJson),
      answer("207 Multi-Status",
             R"({"success":[{"_id":"~1","dataType":"ip","data":"203.0.113.7"}],"failure":[)"
             R"({"type":"CreateError","message":"Observable already exists",)"
             R"("object":{"data":"203.0.113.8"}},)"
             R"({"type":"BadRequest","message":"no good","object":{"data":"203.0.113.9"}}]})",
             kJson),
      answer("200 OK", there, kJson)};
  http::test::RawServer server(
      [answers = std::move(answers), next = std::size_t{0}](http::test::Peer& peer) mutable {
        while (next < answers.size() && !peer.read_request().empty()) peer.send(answers[next++]);
      });
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url("/"), Secret("k"), ""});
  const auto added =
      add_observables(client, Subject::of_case("1"),
                      {ip("203.0.113.7"), ip("203.0.113.8"), ip("203.0.113.9")}, Fixture::soon());
  REQUIRE(added.ok());
  CHECK(values(added->created) == Texts{"203.0.113.7"});
  CHECK(values(added->present) == Texts{"203.0.113.8"});
  REQUIRE(added->refused.size() == 1);
  CHECK(added->refused[0].first.data == "203.0.113.9");
  CHECK(added->refused[0].second == "no good");
}

TEST_CASE("values that share all else travel together, at most 50 in a request") {
  std::vector<Observable> many;
  for (int i = 0; i < 120; ++i) many.push_back(ip(("198.51.100." + std::to_string(i)).c_str()));
  Observable marked = ip("203.0.113.7");
  marked.tlp = 3;
  many.push_back(marked);
  Fixture w;
  const Subject subject = w.new_case();
  const auto before = w.server.request_count();
  const auto added = add_observables(w.client, subject, many, Fixture::soon());
  REQUIRE(added.ok());
  CHECK(added->created.size() == 121);
  // The version, two looks of 100 values, then 50, 50, 20 and the one that differs.
  CHECK(w.server.request_count() - before == 7);
  CHECK(added->created.back().tlp == 3);
}

TEST_CASE("nothing to add costs no look and no post") {
  Canned w({kVersion});
  const auto added = w.add({});
  REQUIRE(added.ok());
  CHECK(added->created.empty());
  CHECK(w.server.requests().size() == 1);
}

TEST_CASE("a value that exists by TheHive's own words and is found counts as present") {
  const std::string there =
      test::http_answer(200, R"([{"_id":"~2","dataType":"ip","data":"203.0.113.7","tags":[]}])");
  Canned w({kVersion, kNone, refusal(400, "CreateError", "Observable already exists"), there});
  const auto added = w.add({ip("203.0.113.7")});
  REQUIRE(added.ok());
  CHECK(values(added->present) == Texts{"203.0.113.7"});
  CHECK(added->refused.empty());
}

TEST_CASE("already exists in a value that TheHive repeats is a refusal like any other") {
  Canned w({kVersion, kNone, refusal(400, "BadRequest", "Invalid value: already exists")});
  const auto added = w.add({ip("203.0.113.7")});
  REQUIRE(added.ok());
  REQUIRE(added->refused.size() == 1);
  CHECK(added->refused[0].second == "HTTP 400 BadRequest: Invalid value: already exists");
  CHECK(w.server.requests().size() == 3);  // it was not looked for
}

TEST_CASE("an answer without the observable is not success") {
  Canned w({kVersion, kNone, test::http_answer(201, "[]"), kNone});
  const auto added = w.add({ip("203.0.113.7")});
  REQUIRE(added.ok());
  CHECK(added->created.empty());
  REQUIRE(added->refused.size() == 1);
  CHECK(added->refused[0].second == "TheHive answered without it");
}

TEST_CASE(
    "an end that leaves open whether observables were added is an error, and no second post") {
  const std::string half = "HTTP/1.1 201 X\r\nContent-Length: 99\r\nConnection: close\r\n\r\n[";
  Canned w({kVersion, kNone, half, kNone});
  const auto added = w.add({ip("203.0.113.7"), ip("203.0.113.8")});
  CHECK(added.status().code() == ExitCode::unreachable);
  CHECK_THAT(added.status().message(), Catch::StartsWith("adding observables to case ~1: "));
  CHECK(w.posts() == 1);
}

TEST_CASE("refused key, missing route, failing server or a firewall end it after one post") {
  struct Row {
    std::string answer;
    ExitCode code;
  };
  std::string firewall = test::http_answer(400, "<title>blocked</title>");
  firewall.replace(firewall.find("application/json"), 16, "text/html");
  const std::vector<Row> rows = {
      {refusal(403, "AuthorizationError", "not permitted"), ExitCode::auth},
      {refusal(404, "NotFound", "no such route"), ExitCode::refused},
      {refusal(404, "NotFoundError", "Alert ~1 not found"), ExitCode::refused},
      {refusal(500, "InternalError", "x"), ExitCode::unreachable},
      {firewall, ExitCode::refused}};
  for (const Row& row : rows) {
    INFO(row.answer);
    Canned w({kVersion, kNone, row.answer});
    Observable other = ip("203.0.113.9");
    other.ioc = true;
    const auto added = w.add({ip("203.0.113.7"), ip("203.0.113.8"), other});
    CHECK(added.status().code() == row.code);
    CHECK(w.posts() == 1);
  }
}

TEST_CASE("the reason of a refused observable is one printable line") {
  const std::string hostile = R"({"success":[],"failure":[{"message":"a\u001b[2J\n)" +
                              std::string(2000, 'x') + R"(","object":{"data":"203.0.113.7"}}]})";
  Canned w({kVersion, kNone, test::http_answer(207, hostile), kNone});
  const auto added = w.add({ip("203.0.113.7")});
  REQUIRE(added.ok());
  REQUIRE(added->refused.size() == 1);
  const std::string& why = added->refused[0].second;
  CHECK(why.find_first_of("\x1b\n") == std::string::npos);
  CHECK(why.size() < 310);
}

}  // namespace socbridge::thehive
