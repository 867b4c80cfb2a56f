// SPDX-License-Identifier: Apache-2.0
// Observables of alerts and cases with a sandbox that stores its data.
#include "thehive/observables.h"

#include "fixture.h"
#include "support/canned_server.h"
#include "support/raw_server.h"

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

TEST_CASE("only the unknown data type is refused, with the server's message") {
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

TEST_CASE("a missing case ends it all") {
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

TEST_CASE("an observable added by another client meanwhile counts as present") {
  // The search finds nothing, the server then refuses one of two: 207 as in version 4.
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

TEST_CASE("an observable is changed field by field") {
  Fixture w;
  const Subject subject = w.new_case();
  const auto added = add_observables(w.client, subject, {ip("203.0.113.7")}, Fixture::soon());
  REQUIRE(added.ok());
  const std::string id = added->created[0].id;
  ObservableChange change;
  change.ioc = true;
  change.tlp = 4;
  change.message = "seen";
  REQUIRE(change_observable(w.client, id, change, Fixture::soon()).ok());
  const auto now = get_observable(w.client, id, Fixture::soon());
  REQUIRE(now.ok());
  CHECK(now->ioc);
  CHECK(now->tlp == 4);
  CHECK(now->pap == 2);
  CHECK(now->message == "seen");
  CHECK_FALSE(change_observable(w.client, "~1", change, Fixture::soon()).ok());
}

TEST_CASE("a value is found in the alerts and cases that have it") {
  Fixture w;
  const Subject subject = w.new_case();
  const Subject alert = w.new_alert();
  REQUIRE(add_observables(w.client, subject, {ip("203.0.113.7")}, Fixture::soon()).ok());
  REQUIRE(add_observables(w.client, alert, {ip("203.0.113.7"), ip("203.0.113.8")}, Fixture::soon())
              .ok());
  const auto found = find_value(w.client, {"203.0.113.7"}, "", 100, Fixture::soon());
  REQUIRE(found.ok());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].owner.kind != (*found)[1].owner.kind);
  CHECK(find_value(w.client, {"203.0.113.7"}, "domain", 100, Fixture::soon())->empty());
}

TEST_CASE("no more owners of a value are kept than requested") {
  std::string owners = "[";
  for (int i = 0; i < 150; ++i)
    owners += (i == 0 ? "" : ",") + (R"({"_id":"~)" + std::to_string(i)) + "\"}";
  test::CannedServer server({test::http_answer(200, R"([{"_id":"~1","dataType":"ip"}])"),
                             test::http_answer(200, owners + "]")});
  http::Client http{http::ClientOptions{}};
  Client client(http, {server.url(), Secret("key"), ""});
  const auto found = find_value(client, {"203.0.113.7"}, "", 100, Deadline::after_ms(20000));
  REQUIRE(found.ok());
  CHECK(found->size() == 200);  // alerts and cases
}

}  // namespace socbridge::thehive
