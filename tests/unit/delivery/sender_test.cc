// SPDX-License-Identifier: Apache-2.0
#include "delivery/sender.h"

#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

constexpr std::int64_t kBudgetMs = 5000;

struct SpoolDir {
  std::string dir() const { return home.path() + "/queue/w2thive"; }
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), dir()).value();
};

struct Try {
  explicit Try(const std::string& url) {
    settings.endpoint = {url, Secret("s3cretkey"), ""};
    settings.thehive_version = "5";
  }
  Outcome run(const std::string& alert = sample_alert(), std::int64_t budget_ms = kBudgetMs) const {
    http::Client http(settings.http);
    AlertInput input;
    input.raw = alert;
    return Sender(Env::real(), http, settings, policy).send(input, budget_ms);
  }
  Settings settings;
  SendPolicy policy;
};

const std::string kStatus5 = http_answer(200, R"({"version":"5.7.3-1","config":{}})");

}  // namespace

TEST_CASE("sender: an alert is mapped and posted once") {
  const CannedServer server({created_answer()});
  const Outcome result = Try(server.url()).run();
  CHECK(result.arrived());
  CHECK(result.kind == Outcome::Kind::created);
  CHECK_THAT(result.source_ref, Catch::StartsWith("1741938001.1201-"));
  REQUIRE(server.requests().size() == 1);
  CHECK_THAT(server.requests()[0], Catch::StartsWith("POST /api/v1/alert "));
}

TEST_CASE("sender: version 4 has its own path") {
  const CannedServer server({created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "4";
  CHECK(one.run().arrived());
  CHECK_THAT(server.requests().at(0), Catch::StartsWith("POST /api/alert "));
}

TEST_CASE("the version is requested once and then cached") {
  const SpoolDir spool;
  const CannedServer server({kStatus5, created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  one.policy.spool_dir = spool.dir();
  CHECK(one.run().arrived());
  CHECK(one.run().arrived());
  CHECK(server.requests().size() == 3);
}

TEST_CASE("sender: a 404 to a cached version drops it") {
  const SpoolDir spool;
  const CannedServer server({kStatus5, created_answer(),
                             http_answer(404, R"({"type":"NotFound","message":"no route"})"),
                             kStatus5, created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  one.policy.spool_dir = spool.dir();
  CHECK(one.run().arrived());
  CHECK_FALSE(one.run().arrived());
  CHECK(one.run().arrived());
  CHECK(server.requests().size() == 5);
}

TEST_CASE("a failed question for the version is a matter of later") {
  const CannedServer server({http_answer(503, "{}")});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  const Outcome result = one.run();
  CHECK(result.kind == Outcome::Kind::failed);
  CHECK_FALSE(result.message.empty());
  for (const std::string& line : server.requests()) CHECK_THAT(line, Catch::StartsWith("GET "));
}

TEST_CASE("nothing is sent when the budget is used up, for filtered alerts and for bad input") {
  const CannedServer server({created_answer()});
  Try one(server.url());
  one.settings.mapping.min_level = 7;
  const Outcome late = one.run(sample_alert(), 0);
  CHECK(late.kind == Outcome::Kind::postponed);
  const Outcome low = one.run(sample_alert(3));
  CHECK(low.kind == Outcome::Kind::filtered);
  CHECK_FALSE(low.arrived());
  const Outcome bad = one.run("{\"rule\":");
  CHECK(bad.kind == Outcome::Kind::bad_input);
  CHECK_FALSE(bad.arrived());
  CHECK(server.requests().empty());
}

TEST_CASE("a server that shows the key does not get it into the message") {
  const CannedServer server(
      {http_answer(400, R"({"type":"BadRequest","message":"header Bearer s3cretkey"})")});
  const Outcome result = Try(server.url()).run();
  CHECK(result.kind == Outcome::Kind::refused);
  CHECK(result.message.find("s3cretkey") == std::string::npos);
  CHECK_THAT(result.message, Catch::Contains("header"));
}

TEST_CASE("a sender that retries searches after an ambiguous end, also without a spool") {
  const CannedServer server({"", http_answer(503, "{}"),  // the create request, the key check
                             http_answer(404, R"({"type":"NotFoundError","message":"x"})"),
                             created_answer()});
  Try one(server.url());
  one.settings.retry.settle_ms = 0;
  one.policy.tries = kTries;
  CHECK(one.run().kind == Outcome::Kind::created);
  REQUIRE(server.requests().size() == 4);
  CHECK_THAT(server.requests().front(), Catch::StartsWith("POST "));
  CHECK_THAT(server.requests().at(server.requests().size() - 2), Catch::StartsWith("GET "));
  CHECK_THAT(server.requests().back(), Catch::StartsWith("POST "));
}

TEST_CASE("after a time-out there is time left to check the key: this alert only") {
  const CannedServer server(
      {CannedServer::kNoAnswer,
       http_answer(200,
                   R"({"login":"w","organisation":"soc","permissions":["manageAlert/create"]})")});
  const Outcome result = Try(server.url()).run(sample_alert(), 1000);
  CHECK(result.kind == Outcome::Kind::alert_failed);
  CHECK(result.ambiguous);
}

TEST_CASE("without a spool the senders of one user share the in-flight table of lock_dir") {
  const TempDir home;
  const CannedServer server({created_answer(), created_answer()});
  Try one(server.url());
  one.policy.lock_dir = home.path() + "/state/sending";
  const std::string key =
      server.url() + "\n\nwazuh_alert;wazuh;" + one.run(sample_alert(), 1000).source_ref;
  {
    const auto other = spool::InFlight::take(Env::real(), one.policy.lock_dir, key);
    REQUIRE(other.ok());
    REQUIRE(other->has_value());
    const Outcome outcome = one.run(sample_alert(), 1000);
    CHECK(outcome.postponed == Outcome::Postponed::in_flight);
  }
  CHECK(one.run(sample_alert(), 1000).arrived());
  one.policy.lock_dir = "/proc/nowhere";  // cannot be locked, but it is sent
  CHECK(one.run(sample_alert(), 1000).arrived());
}

TEST_CASE("a filtered alert is final for a sender that retries") {
  Try one("http://127.0.0.1:9");
  one.settings.mapping.min_level = 16;
  one.policy.tries = kTries;
  const std::int64_t started = steady_now_ms();
  CHECK(one.run().kind == Outcome::Kind::filtered);
  CHECK(steady_now_ms() - started < 400);
}

TEST_CASE("an open circuit breaker gives no permit, unless the policy only reports") {
  const SpoolDir spool;
  const CannedServer server({created_answer()});
  Try one(server.url());
  one.policy.spool_dir = spool.dir();
  CircuitBreaker breaker(Env::real(), spool.dir(), one.settings);
  for (int i = 0; i < 3; ++i) breaker.failed("down", -1, wall_now_ms());
  const Outcome postponed = one.run();
  CHECK(postponed.kind == Outcome::Kind::postponed);
  CHECK(postponed.postponed == Outcome::Postponed::breaker_open);
  CHECK(server.requests().empty());
  one.policy.breaker = SendPolicy::Breaker::report;
  CHECK(one.run().arrived());
  CHECK(breaker.view().state == "closed");
}

}  // namespace socbridge::delivery
