// SPDX-License-Identifier: Apache-2.0
// TheHive with fixed answers, on a clock in which waiting takes no time.
#include "reconcile/thehive_destination.h"

#include <catch2/catch.hpp>
#include <mutex>

#include "spool/spool.h"
#include "support/canned_server.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"
#include "support/spool_fixture.h"

namespace socbridge::reconcile {
namespace {

using socbridge::test::CannedServer;
using socbridge::test::created_answer;
using socbridge::test::http_answer;

const std::string kKeyTaken =
    http_answer(200, R"({"login":"w","organisation":"a","permissions":["manageAlert/create"]})");
const std::string kForbidden =
    http_answer(403, R"({"type":"AuthorizationError","message":"not permitted"})");

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {
    settings.endpoint = {server.url(), Secret("s3cretkey"), ""};
    settings.thehive_version = "5";
  }
  Result<Present> present(const std::vector<std::string>& refs, Ask ask = Ask::alerts) {
    return destination().present(refs, ask);
  }
  TheHiveDestination destination() {
    return {Env::real(), settings, http, delivery::retrying_policy(dir, stop)};
  }
  void make_spool() { REQUIRE(spool::Spool::open(Env::real(), dir).ok()); }
  std::string breaker() const {
    return delivery::CircuitBreaker(Env::real(), dir, settings).view().state;
  }

  FakeClock clock;
  socbridge::test::TempDir home;
  const std::string dir = home / "spool";
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  integration::Settings settings;
  std::function<bool()> stop;
};

// The body of the question for these references.
std::string question(integration::Settings settings, const std::vector<std::string>& refs,
                     Ask ask) {
  const http::test::RawServer server([](http::test::Peer& peer) {
    if (!peer.read_request().empty()) peer.send(http_answer(200, "[]"));
  });
  settings.endpoint = {server.url("/"), Secret("k"), ""};
  http::Client http{http::ClientOptions{}};
  TheHiveDestination destination(Env::real(), settings, http, {});
  CHECK(destination.present(refs, ask).ok());
  const std::string request = server.received();
  return request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("one question for many references, by type and source where they are fixed") {
  integration::Settings settings;
  settings.thehive_version = "5";
  CHECK(question(settings, {"r1", "r\"2"}, Ask::alerts) ==
        R"({"query":[{"_name":"listAlert"},{"_name":"filter","_and":[)"
        R"({"_is":{"_field":"type","_value":"wazuh_alert"}},)"
        R"({"_is":{"_field":"source","_value":"wazuh"}},)"
        R"({"_in":{"_field":"sourceRef","_values":["r1","r\"2"]}}]},)"
        R"({"_name":"page","from":0,"to":4}],)"
        R"("excludeFields":["description","customFields","tags"]})");
  CHECK_THAT(question(settings, {"r1"}, Ask::cases),
             Catch::EndsWith(R"(,"excludeFields":["description","customFields"]})"));
  settings.thehive_version = "4";
  CHECK_THAT(question(settings, {"r1"}, Ask::alerts), !Catch::Contains("excludeFields"));
}

TEST_CASE("those that are there are known by their reference") {
  Fixture f({http_answer(200, R"([{"sourceRef":"r1"},{"sourceRef":"r3"},7,{}])")});
  const auto there = f.present({"r1", "r2", "r3"});
  REQUIRE(there.ok());
  CHECK(there->contains("r1"));
  CHECK_FALSE(there->contains("r2"));
  CHECK(there->contains("r3"));
}

TEST_CASE("an alert is untouched if it is in no case and was not changed, and there once") {
  const std::string tag = "case-0123456789abcdef0123456789abcdef";
  Fixture f({http_answer(200, R"([{"sourceRef":"new","_createdAt":5,"tags":["x",")" + tag +
                                  R"("]},)"
                                  R"({"sourceRef":"changed","_createdAt":5,"_updatedAt":7},)"
                                  R"({"sourceRef":"imported","caseId":"~9"},)"
                                  R"({"sourceRef":"twice"},{"sourceRef":"twice"}])")});
  auto there = f.present({"new", "changed", "imported", "twice"}, Ask::cases);
  REQUIRE(there.ok());
  CHECK((*there)["new"].untouched);
  CHECK((*there)["new"].created_ms == 5);
  CHECK((*there)["new"].case_tags == std::vector<std::string>{tag});
  CHECK_FALSE((*there)["changed"].untouched);
  CHECK_FALSE((*there)["imported"].untouched);
  CHECK_FALSE((*there)["twice"].untouched);
}

TEST_CASE("a short failure of the server is waited out, a long one is an error") {
  Fixture brief({http_answer(503, "{}"), http_answer(503, "{}"), http_answer(200, "[]")});
  CHECK(brief.present({"r"}).ok());
  CHECK(brief.clock.passed_ms() >= 1500);
  Fixture lasting({http_answer(503, "{}")});
  CHECK(lasting.present({"r"}).status().code() == ExitCode::unreachable);
  CHECK(lasting.server.requests().size() == static_cast<std::size_t>(delivery::kTries));
}

TEST_CASE("a request to stop cuts the pause before the next question short") {
  Fixture f({http_answer(503, "{}")});
  f.stop = [] { return true; };
  CHECK(f.present({"r"}).status().code() == ExitCode::unreachable);
  CHECK(f.server.requests().size() == 1);
}

TEST_CASE("a refusal and an answer that is not a list are not asked again") {
  Fixture refused({kForbidden});
  CHECK(refused.present({"r"}).status().code() == ExitCode::auth);
  CHECK(refused.server.requests().size() == 1);
  Fixture object({http_answer(200, "{}")});
  const Status status = object.present({"r"}).status();
  CHECK(status.code() == ExitCode::refused);
  CHECK(status.line() ==
        "TheHive's answer to a query is not a list; check that the URL is TheHive's own");
}

TEST_CASE("answers to questions open and close the circuit breaker of this machine") {
  Fixture f({http_answer(503, "{}"), http_answer(503, "{}"), http_answer(503, "{}"),
             http_answer(503, "{}"), http_answer(200, "[]")});
  f.make_spool();
  CHECK_FALSE(f.present({"r"}).ok());
  CHECK((f.breaker() == "failing" || f.breaker() == "open"));
  CHECK(f.present({"r"}).ok());  // whatever the breaker says
  CHECK(f.breaker() == "closed");
}

TEST_CASE("a key counts as refused for all only if TheHive refuses it by itself") {
  Fixture question_only({kForbidden, kKeyTaken});
  question_only.make_spool();
  CHECK(question_only.present({"r"}).status().code() == ExitCode::auth);
  CHECK(question_only.breaker() != "auth");
  CHECK(question_only.server.requests().back() == "GET /api/v1/user/current HTTP/1.1");
  Fixture whole(
      {kForbidden, http_answer(401, R"({"type":"AuthenticationError","message":"s3cretkey"})")});
  whole.make_spool();
  CHECK(whole.present({"r"}).status().code() == ExitCode::auth);
  CHECK(whole.breaker() == "auth");
}

TEST_CASE("one alert is read directly, without an index that may lag behind") {
  Fixture f({http_answer(200, R"({"_id":"~1"})"),
             http_answer(404, R"({"type":"NotFoundError","message":"Alert not found"})"),
             http_answer(404, "<html>no backend</html>")});
  auto destination = f.destination();
  CHECK(*destination.is_there("r1"));
  CHECK_FALSE(*destination.is_there("r2"));
  CHECK_FALSE(destination.is_there("r3").ok());
  CHECK(f.server.requests()[0] == "GET /api/v1/alert/wazuh_alert%3Bwazuh%3Br1 HTTP/1.1");
}

TEST_CASE("an alert of the run is sent whatever the filters say") {
  Fixture f({created_answer()});
  f.settings.mapping.min_level = 16;
  const auto alert = wazuh::Alert::parse(socbridge::test::sample_alert());
  const delivery::Outcome outcome = f.destination().send(*alert);
  CHECK(outcome.kind == delivery::Outcome::Kind::created);
  CHECK(outcome.alert_id == "~4096");
}

TEST_CASE("answers to a whole batch may be larger than others") {
  integration::Settings settings;
  settings.http.user_agent = "x";
  const http::ClientOptions options = client_options(settings);
  CHECK(options.user_agent == "x");
  CHECK(options.max_response_bytes > http::ClientOptions{}.max_response_bytes);
}

}  // namespace socbridge::reconcile
