// SPDX-License-Identifier: Apache-2.0
#include "health/canary_leftovers.h"

#include <catch2/catch.hpp>

#include "delivery/synthetic_alert.h"
#include "json/writer.h"
#include "spool/spool.h"
#include "support/spool_fixture.h"
#include "wazuh/alert.h"

namespace socbridge::health {
using namespace socbridge::test;

namespace {

constexpr UnixMillis kMade = 1767225600000;

std::string canary(UnixMillis made_ms = kMade, const char* nonce = "77") {
  return delivery::make_synthetic_alert(delivery::kCanaryMark, made_ms, 3, nonce);
}

struct Spool {
  std::string accept(UnixMillis ms, const std::string& alert = canary()) {
    return spool.accept({"custom-w2thive", "", "", ms, alert})->id();
  }
  int removed(UnixMillis from, UnixMillis until) {
    const auto count =
        remove_from_spool(Env::real(), home / "queue/w2thive", from, until, is_canary);
    INFO(count.status().line());
    REQUIRE(count.ok());
    return *count;
  }
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home / "queue/w2thive").value();
};

// An alert of TheHive that a killed run left, with changes.
std::string leftover(const std::string& ref, const std::string& members = "") {
  return R"({"_id":"~1","type":"wazuh_alert","source":"wazuh","sourceRef":)" + json::quote(ref) +
         R"(,"tags":["wazuh","rule:100998","socbridge_canary"])" + members + "}";
}

std::string reference(UnixMillis made_ms = kMade) {
  return wazuh::source_ref(*wazuh::Alert::parse(canary(made_ms)));
}

struct Sweep {
  explicit Sweep(std::vector<std::string> answers) : server(std::move(answers)) {}
  Swept run(UnixMillis before_ms = kMade + 1) {
    http::Client http{http::ClientOptions{}};
    thehive::Client client(http, {server.url(), Secret("k"), ""});
    return sweep_alerts(client, rules, before_ms, Deadline::after_ms(5000));
  }
  CannedServer server;
  mapping::Options rules;
};

// The result when TheHive lists this one alert.
int found(const std::string& alert, UnixMillis before_ms = kMade + 1) {
  Sweep sweep({http_answer(200, "[" + alert + "]"), http_answer(204, "")});
  const Swept swept = sweep.run(before_ms);
  CHECK(swept.deleted == swept.found);
  CHECK(sweep.server.requests().size() == 1 + static_cast<std::size_t>(swept.found));
  return swept.found;
}

}  // namespace

TEST_CASE("a canary is identified by rule, manager and group together") {
  CHECK(is_canary(canary()));
  CHECK_FALSE(is_canary(delivery::make_synthetic_alert(delivery::kTestMark, kMade, 3, "77")));
  const std::string head = R"({"id":"1.1","rule":{"id":"100998","level":3,"groups":[)";
  CHECK(is_canary(head + R"("socbridge_canary"]},"manager":{"name":"socctl"}})"));
  CHECK_FALSE(is_canary(head + R"("socbridge_canary"]},"manager":{"name":"wazuh"}})"));
  CHECK_FALSE(is_canary(head + R"("x"]},"manager":{"name":"socctl"}})"));
  CHECK_FALSE(is_canary(
      R"({"rule":{"id":"1","groups":["socbridge_canary"]},"manager":{"name":"socctl"}})"));
  for (const char* raw : {"", "{", "[]", "\xff"}) CHECK_FALSE(is_canary(raw));
}

TEST_CASE("canaries are removed from every sending state, other alerts stay") {
  Spool spool;
  for (const auto state :
       {spool::State::queue, spool::State::hold, spool::State::dead, spool::State::corrupt}) {
    for (const std::string& alert : {canary(), sample_alert()}) {
      const std::string id = spool.accept(kMade, alert);
      if (state == spool::State::queue) continue;
      auto claim = spool.spool.claim(spool::State::queue, id);
      REQUIRE(spool.spool.move(std::move(**claim), state, {}).ok());
    }
  }
  CHECK(spool.removed(0, kMade + 1) == 3);
  CHECK(spool.home.entries("queue") == 1);
  CHECK(spool.home.entries("hold") == 1);
  CHECK(spool.home.entries("dead") == 1);
  CHECK(spool.home.entries("corrupt") == 2);
  CHECK(spool.removed(0, kMade + 1) == 0);
}

TEST_CASE("only alerts accepted between the two times, both included") {
  const auto removed = [](UnixMillis from, UnixMillis until) {
    Spool spool;
    spool.accept(kMade);
    return spool.removed(from, until);
  };
  CHECK(removed(kMade, kMade) == 1);
  CHECK(removed(0, kMade) == 1);
  CHECK(removed(-5000, kMade) == 1);
  CHECK(removed(5, kMade) == 1);
  CHECK(removed(kMade + 1, kMade + 5) == 0);
  CHECK(removed(0, kMade - 1) == 0);
}

TEST_CASE("an entry claimed by a process is left to it, and a damaged one stays") {
  Spool spool;
  const std::string id = spool.accept(kMade);
  spool.home.write("queue/w2thive/queue/1767225600000-0000000000000001.alert", "damaged");
  {
    const auto claim = spool.spool.claim(spool::State::queue, id);
    CHECK(spool.removed(0, kMade) == 0);
  }
  CHECK(spool.removed(0, kMade) == 1);
  CHECK(spool.home.entries("queue") == 1);
}

TEST_CASE("without a spool there is nothing to remove") {
  const TempDir none;
  CHECK(remove_from_spool(Env::real(), none / "queue", 0, kMade, is_canary).value() == 0);
  CHECK_FALSE(none.has("queue"));
}

TEST_CASE("leftovers of a killed run in TheHive are deleted") {
  Sweep sweep({http_answer(200, "[" + leftover(reference()) + "]"), http_answer(204, "")});
  const Swept swept = sweep.run();
  CHECK(swept.found == 1);
  CHECK(swept.deleted == 1);
  CHECK(swept.error.ok());
  REQUIRE(sweep.server.requests().size() == 2);
  CHECK_THAT(sweep.server.requests()[1], Catch::StartsWith("DELETE /api/v1/alert/~1 "));
}

TEST_CASE("nothing that may belong to others is deleted") {
  CHECK(found(leftover(reference())) == 1);
  // In a case, of a run that may be active, or with a reference that others could have.
  CHECK(found(leftover(reference(), R"(,"caseId":"~7")")) == 0);
  CHECK(found(leftover(reference()), kMade) == 0);
  CHECK(found(leftover("1767225600.77-0123456789abcdef")) == 0);
  CHECK(found(leftover("")) == 0);
  const std::string ref = json::quote(reference());
  CHECK(found(R"({"type":"wazuh_alert","source":"wazuh","sourceRef":)" + ref +
              R"(,"tags":["rule:100998","socbridge_canary"]})") == 0);
  for (const char* tags : {R"(["rule:100998"])", R"(["socbridge_canary"])", "[]", "null",
                           R"("rule:100998 socbridge_canary")"}) {
    CAPTURE(tags);
    CHECK(found(R"({"_id":"~1","type":"wazuh_alert","source":"wazuh","sourceRef":)" + ref +
                R"(,"tags":)" + tags + "}") == 0);
  }
  CHECK(found(R"({"_id":"~1","type":"other","source":"wazuh","sourceRef":)" + ref +
              R"(,"tags":["rule:100998","socbridge_canary"]})") == 0);
  CHECK(found(R"({"_id":"~1","type":"wazuh_alert","source":"other","sourceRef":)" + ref +
              R"(,"tags":["rule:100998","socbridge_canary"]})") == 0);
  for (const char* value : {"null", "7", "[]", "{}"}) CHECK(found(value) == 0);
}

TEST_CASE("an alert that cannot be deleted is named, and the others are deleted") {
  const std::string other = R"({"_id":"~2)" + leftover(reference()).substr(9);
  Sweep sweep({http_answer(200, "[" + leftover(reference()) + "," + other + "]"),
               http_answer(403, R"({"type":"AuthorizationError","message":"no"})"),
               http_answer(204, "")});
  const Swept swept = sweep.run();
  CHECK(swept.found == 2);
  CHECK(swept.deleted == 1);
  CHECK_THAT(swept.error.message(), Catch::StartsWith("alert ~1: "));
  CHECK(swept.error.hint() == "the key needs manageAlert/delete");
}

TEST_CASE("a search that fails is an error, and nothing is deleted") {
  Sweep sweep({http_answer(500, "{}")});
  const Swept swept = sweep.run();
  CHECK_FALSE(swept.error.ok());
  CHECK(swept.found + swept.deleted == 0);
  for (const std::string& line : sweep.server.requests()) CHECK_FALSE(line.starts_with("DELETE"));
}

}  // namespace socbridge::health
