// SPDX-License-Identifier: Apache-2.0
#include "delivery/deliver.h"

#include <catch2/catch.hpp>

#include "../support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::grouping;
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

constexpr std::int64_t kBudgetMs = 5000;

struct Try {
  explicit Try(const std::string& url) {
    settings.endpoint = {url, Secret("s3cretkey"), ""};
    settings.thehive_version = "5";
  }
  Attempt run(const std::string& alert = sample_alert(), std::int64_t budget_ms = kBudgetMs) const {
    http::Client http(settings.http);
    return attempt(Env::real(), alert, settings, http, state, Deadline::after_ms(budget_ms));
  }
  Settings settings;
  std::string state;
};

const std::string kStatus5 = http_answer(200, R"({"version":"5.7.3-1","config":{}})");

}  // namespace

TEST_CASE("an alert is mapped and posted once") {
  const CannedServer server({created_answer()});
  const Attempt result = Try(server.url()).run();
  CHECK(arrived(result));
  CHECK(result.delivery.verdict == thehive::Verdict::created);
  CHECK_THAT(result.source_ref, Catch::StartsWith("1741938001.1201-"));
  REQUIRE(server.requests().size() == 1);
  CHECK_THAT(server.requests()[0], Catch::StartsWith("POST /api/v1/alert "));
}

TEST_CASE("version 4 goes to its own path") {
  const CannedServer server({created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "4";
  CHECK(arrived(one.run()));
  CHECK_THAT(server.requests().at(0), Catch::StartsWith("POST /api/alert "));
}

TEST_CASE("the version is asked once and then remembered") {
  const TempDir state;
  const CannedServer server({kStatus5, created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  one.state = state.path();
  CHECK(arrived(one.run()));
  CHECK(arrived(one.run()));
  CHECK(server.requests().size() == 3);
}

TEST_CASE("a 404 to a remembered version drops it") {
  const TempDir state;
  const CannedServer server({kStatus5, created_answer(),
                             http_answer(404, R"({"type":"NotFound","message":"no route"})"),
                             kStatus5, created_answer()});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  one.state = state.path();
  CHECK(arrived(one.run()));
  CHECK_FALSE(arrived(one.run()));
  CHECK(arrived(one.run()));
  CHECK(server.requests().size() == 5);
}

TEST_CASE("a failed question for the version is a matter of later") {
  const CannedServer server({http_answer(503, "{}")});
  Try one(server.url());
  one.settings.thehive_version = "auto";
  const Attempt result = one.run();
  CHECK(result.delivery.verdict == thehive::Verdict::retry);
  CHECK_FALSE(result.delivery.message.empty());
  for (const std::string& line : server.requests()) CHECK_THAT(line, Catch::StartsWith("GET "));
}

TEST_CASE("nothing is sent when the budget is used up, for filtered alerts and for bad input") {
  const CannedServer server({created_answer()});
  Try one(server.url());
  one.settings.mapping.min_level = 7;
  const Attempt late = one.run(sample_alert(), 0);
  CHECK(late.delivery.verdict == thehive::Verdict::retry);
  const Attempt low = one.run(sample_alert(3));
  CHECK(low.filtered);
  CHECK_FALSE(arrived(low));
  const Attempt bad = one.run("{\"rule\":");
  CHECK(bad.bad_input);
  CHECK_FALSE(arrived(bad));
  CHECK(server.requests().empty());
}

TEST_CASE("a server that shows the key does not get it into the message") {
  const CannedServer server(
      {http_answer(400, R"({"type":"BadRequest","message":"header Bearer s3cretkey"})")});
  const Attempt result = Try(server.url()).run();
  CHECK(result.delivery.verdict == thehive::Verdict::refused);
  CHECK(result.delivery.message.find("s3cretkey") == std::string::npos);
  CHECK_THAT(result.delivery.message, Catch::Contains("header"));
}

}  // namespace socbridge::delivery
