// SPDX-License-Identifier: Apache-2.0
#include "delivery/delivery.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <set>
#include <vector>

#include "base/clock.h"
#include "delivery/backlog.h"
#include "delivery/sender.h"
#include "integration/settings_lookup.h"
#include "support/killing_env.h"
#include "support/said.h"
#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

namespace {

struct Fixture {
  Fixture() : spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()) {
    settings.endpoint = {"http://127.0.0.1:9", Secret("k3y"), ""};
    settings.thehive_version = "5";
  }
  spool::Claim accept(const std::string& alert = sample_alert()) {
    auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
    REQUIRE(claim.ok());
    return std::move(*claim);
  }
  Delivery deliver(spool::Claim claim, const std::string& alert = sample_alert()) {
    AlertInput input;
    input.raw = alert;
    return Delivery(channel, input, StoredEntry{spool, std::move(claim), wall_now_ms()});
  }
  spool::Claim again(const std::string& id) {
    auto claim = spool.claim(spool::State::queue, id);
    REQUIRE(claim.ok());
    REQUIRE(claim->has_value());
    return std::move(**claim);
  }
  // The id of an entry whose process ended before the answer.
  std::string die_sending(const std::string& alert = sample_alert()) {
    spool::Claim claim = accept(alert);
    std::string id = claim.id();
    Delivery dying = deliver(std::move(claim), alert);
    CHECK(dying.next(1000).method == "POST");
    return id;
  }
  std::uint64_t counted(spool::Counted what) {
    const auto counts = spool.counts().read();
    REQUIRE(counts.ok());
    REQUIRE(counts->has_value());
    return (**counts)[static_cast<std::size_t>(what)];
  }
  TempDir home;
  spool::Spool spool;
  Settings settings;
  ServerVersionCache versions{Env::real(), "", ""};
  Channel channel{Env::real(), settings, spool.dir(), spool.state_dir(), versions};
};

// TheHive has the alert, created this long from now.
http::Outcome found(std::int64_t later_ms = 0) {
  return said(200, R"({"_id":"~1","_type":"alert","sourceRef":"x","_createdAt":)" +
                       std::to_string(wall_now_ms() + later_ms) + "}");
}

http::Outcome timed_out() {
  http::Outcome outcome;
  outcome.failure = http::FailureKind::interrupted_send;
  outcome.error = "no complete answer";
  return outcome;
}

const std::string kCreated = R"({"_id":"~1","_type":"alert"})";

}  // namespace

TEST_CASE("delivered: the entry is removed") {
  Fixture fixture;
  Delivery delivery = fixture.deliver(fixture.accept());
  CHECK(delivery.next(1000).method == "POST");
  delivery.answered(said(201, kCreated));
  REQUIRE(delivery.finished());
  const Report report = delivery.finish();
  CHECK(report.settled.ok());
  CHECK(report.decision->disposition == Disposition::delivered);
  CHECK(fixture.home.entries("queue") == 0);
}

TEST_CASE("two entries of one alert are never under way at once") {
  Fixture fixture;
  Delivery first = fixture.deliver(fixture.accept());
  REQUIRE(first.next(1000).method == "POST");
  Delivery second = fixture.deliver(fixture.accept());
  REQUIRE(second.finished());
  const Report waiting = second.finish();
  CHECK_FALSE(waiting.outcome.tried());
  CHECK(waiting.decision->disposition == Disposition::retry);
  first.answered(said(201, kCreated));
  CHECK(first.finish().decision->disposition == Disposition::delivered);
  CHECK(fixture.home.entries("queue") == 1);
}

TEST_CASE(
    "after a time-out no process sends before the pause is over; then it looks the alert up") {
  Fixture fixture;
  fixture.settings.retry.settle_ms = GENERATE(30000, 0);
  Delivery first = fixture.deliver(fixture.accept());
  CHECK(first.next(1000).method == "POST");
  first.answered(timed_out());
  first.give_up(Outcome::Postponed::no_time, "no time to check the key");
  const Report report = first.finish();
  CHECK(report.decision->reason.ambiguous);
  // Another entry of the same alert, accepted by another process.
  Delivery second = fixture.deliver(fixture.accept());
  if (fixture.settings.retry.settle_ms > 0) {
    REQUIRE(second.finished());
    const Report waiting = second.finish();
    CHECK_FALSE(waiting.outcome.tried());
    CHECK(waiting.decision->due_ms > wall_now_ms() + 20000);
  } else {
    REQUIRE_FALSE(second.finished());
    CHECK(second.next(1000).method == "GET");
    second.answered(said(404, R"({"type":"NotFoundError","message":"Alert not found"})"));
    CHECK(second.next(1000).method == "POST");
    second.answered(said(201, kCreated));
    CHECK(second.finish().decision->disposition == Disposition::delivered);
  }
}

TEST_CASE("a sender that died in between leaves the reference marked") {
  Fixture fixture;
  const std::string id = fixture.die_sending();
  Delivery next = fixture.deliver(fixture.again(id));
  CHECK(next.finished());  // the server may still be processing it
  CHECK_FALSE(next.finish().outcome.tried());
}

TEST_CASE("a found alert counts as created only if that try can have created it") {
  Fixture fixture;
  fixture.settings.retry.settle_ms = 0;
  const auto [later_ms, counted] = GENERATE(table<std::int64_t, std::string>(
      {{-60000, "duplicate"}, {0, "created"}, {1000, "created"}, {60000, "duplicate"}}));
  CAPTURE(later_ms);
  const std::string id = fixture.die_sending();
  Delivery next = fixture.deliver(fixture.again(id));
  REQUIRE_FALSE(next.finished());
  CHECK(next.next(1000).method == "GET");
  next.answered(said(200, R"({"_id":"~1","_type":"alert","sourceRef":"x","_createdAt":)" +
                              std::to_string(wall_now_ms() + later_ms) + "}"));
  REQUIRE(next.finished());
  CHECK(next.finish().settled.ok());
  const auto of = counted == "created" ? spool::Counted::created : spool::Counted::duplicate;
  CHECK(fixture.counted(of) == 1);
}

TEST_CASE("an entry that was not sent does not count the creation by another entry") {
  Fixture fixture;
  fixture.settings.retry.settle_ms = 0;
  spool::Claim first = fixture.accept();
  fixture.die_sending();
  Delivery next = fixture.deliver(std::move(first));
  REQUIRE_FALSE(next.finished());
  CHECK(next.next(1000).method == "GET");
  next.answered(said(200, R"({"_id":"~1","_type":"alert","sourceRef":"x","_createdAt":)" +
                              std::to_string(wall_now_ms()) + "}"));
  REQUIRE(next.finished());
  CHECK(next.finish().settled.ok());
  CHECK(fixture.counted(spool::Counted::created) == 0);
  CHECK(fixture.counted(spool::Counted::duplicate) == 1);
}

TEST_CASE("the time of an ambiguous try is kept however long the entry waits") {
  Fixture fixture;
  const std::string id = fixture.die_sending();
  const UnixMillis died_ms = wall_now_ms();
  for (int i = 0; i < 3; ++i) {
    sleep_ms(20);
    Delivery waiting = fixture.deliver(fixture.again(id));
    REQUIRE(waiting.finished());
    CHECK_FALSE(waiting.finish().outcome.tried());
    const auto reason = fixture.spool.reason(spool::State::queue, id);
    REQUIRE(reason);
    CHECK(reason->ambiguous);
    CHECK(reason->attempts == 1);
    CHECK(reason->at_ms > died_ms - 10000);
    CHECK(reason->at_ms <= died_ms);
  }
}

TEST_CASE("of several ambiguous tries the last one counts") {
  Fixture fixture;
  fixture.settings.retry.settle_ms = 0;
  const std::string id = fixture.die_sending();
  spool::Reason reason;
  reason.kind = "retry";
  reason.ambiguous = true;
  reason.attempts = 1;
  reason.at_ms = wall_now_ms() - 60000;
  REQUIRE(fixture.spool.postpone(fixture.again(id), reason, wall_now_ms()).ok());
  {
    Delivery second = fixture.deliver(fixture.again(id));
    CHECK(second.next(1000).method == "GET");
    second.answered(said(404, R"({"type":"NotFoundError","message":"Alert not found"})"));
    CHECK(second.next(1000).method == "POST");
  }
  Delivery third = fixture.deliver(fixture.again(id));
  CHECK(third.next(1000).method == "GET");
  third.answered(found());
  CHECK(third.finish().settled.ok());
  CHECK(fixture.counted(spool::Counted::created) == 1);
}

TEST_CASE("a child killed by a signal did not exit normally", "[!shouldfail]") {
  ends_in_child([](KillingEnv&) { return ::raise(SIGKILL) == 0; });
}

TEST_CASE("a creation counts even if the process that finds it is killed") {
  Fixture fixture;
  fixture.settings.retry.settle_ms = 0;
  std::uint64_t done = 0;
  for (int at = 0;; ++at) {
    std::string alert = sample_alert();
    alert.replace(alert.find("1741938001.1201"), 15, "1741938001." + std::to_string(2000 + at));
    const std::string id = fixture.die_sending(alert);
    spool::Reason reason;
    reason.kind = "retry";
    reason.ambiguous = true;
    reason.at_ms = wall_now_ms();
    REQUIRE(fixture.spool.postpone(fixture.again(id), reason, wall_now_ms()).ok());
    const bool ended = ends_in_child([&](KillingEnv& env) {
      auto spool = spool::Spool::open(env, fixture.spool.dir()).value();
      Channel channel{env, fixture.settings, spool.dir(), spool.state_dir(), fixture.versions};
      AlertInput input;
      input.raw = alert;
      Delivery next(
          channel, input,
          StoredEntry{spool, *spool.claim(spool::State::queue, id).value(), reason.at_ms});
      next.next(1000);
      env.left = at;
      next.answered(found());
      return next.finish().settled.ok();
    });
    if (fixture.spool.info(spool::State::queue, id)) {
      CHECK_FALSE(ended);
      Delivery next = fixture.deliver(fixture.again(id), alert);
      REQUIRE(next.next(1000).method == "GET");
      next.answered(found());
      REQUIRE(next.finish().settled.ok());
    }
    CAPTURE(at);
    CHECK(fixture.counted(spool::Counted::created) == ++done);
    CHECK(fixture.counted(spool::Counted::duplicate) == 0);
    if (ended) break;
  }
  CHECK(done > 5);
}

TEST_CASE("a sender without an entry does not send a reference in flight either") {
  Fixture fixture;
  const CannedServer server({created_answer()});
  fixture.settings.endpoint.url = server.url();
  fixture.settings.spool_dir = fixture.spool.dir();
  http::Client http(fixture.settings.http);
  const auto send = [&] {
    SendPolicy policy;
    policy.spool_dir = fixture.spool.dir();
    const std::string alert = sample_alert();
    AlertInput input;
    input.raw = alert;
    return Sender(Env::real(), http, fixture.settings, policy).send(input, 3000);
  };
  {
    Delivery delivery = fixture.deliver(fixture.accept());
    CHECK(delivery.next(1000).method == "POST");
    const Outcome busy = send();
    CHECK_FALSE(busy.tried());
    CHECK_FALSE(busy.arrived());
    CHECK(server.requests().empty());
    delivery.answered(said(201, kCreated));
    CHECK(delivery.finish().decision->disposition == Disposition::delivered);
  }
  CHECK(send().arrived());
}

TEST_CASE("refused permanently: dead, with the server's message") {
  Fixture fixture;
  Delivery delivery = fixture.deliver(fixture.accept());
  const std::string id = [&] {
    while (!delivery.finished()) {
      static_cast<void>(delivery.next(1000));
      delivery.answered(said(400, R"({"type":"BadRequest","message":"no such thing"})"));
    }
    return delivery.finish().id;
  }();
  CHECK(fixture.home.entries("queue") == 0);
  CHECK(fixture.home.entries("dead") == 1);
  const auto reason = fixture.spool.reason(spool::State::dead, id);
  REQUIRE(reason);
  CHECK_THAT(reason->message, Catch::Contains("no such thing"));
  CHECK_FALSE(reason->left_out.empty());
}

TEST_CASE("data that cannot be an alert goes to corrupt/") {
  Fixture fixture;
  auto claim = fixture.accept("{");
  Delivery delivery = fixture.deliver(std::move(claim), "{");
  REQUIRE(delivery.finished());
  CHECK(delivery.finish().decision->disposition == Disposition::corrupt);
  CHECK(fixture.home.entries("corrupt") == 1);
}

TEST_CASE("the backlog returns due entries once and rarely lists the folder") {
  Fixture fixture;
  std::vector<std::string> due;
  for (int i = 0; i < 5; ++i) {
    spool::Claim claim = fixture.accept();
    due.push_back(claim.id());
    if (i == 0) REQUIRE(fixture.spool.reschedule(claim, wall_now_ms() + 60000).ok());
  }
  Backlog backlog(Env::real(), fixture.spool, fixture.settings.retry);
  std::vector<spool::Claim> claims;
  std::set<std::string> ids;
  while (auto claim = backlog.next(wall_now_ms())) {
    ids.insert(claim->id());
    claims.push_back(std::move(*claim));
  }
  CHECK(ids == std::set<std::string>(due.begin() + 1, due.end()));
  // Claimed ones cannot be claimed again.
  CHECK_FALSE(Backlog(Env::real(), fixture.spool, fixture.settings.retry).next(wall_now_ms()));
  claims.clear();
  const std::string late = fixture.accept().id();
  Backlog listed(Env::real(), fixture.spool, fixture.settings.retry);
  ids.clear();
  while (auto claim = listed.next(wall_now_ms())) {
    ids.insert(claim->id());
    claims.push_back(std::move(*claim));
  }
  CHECK(ids.size() == 4);
  CHECK_FALSE(ids.contains(late));
}

TEST_CASE("accounts find the key of a waiting entry again") {
  const TempDir home;
  home.write(
      "etc/ossec.conf",
      "<ossec_config><integration><name>slack</name><api_key>no</api_key></integration>"
      "</ossec_config>\n<ossec_config>"
      "<integration><name>custom-w2thive</name><hook_url>http://one.example</hook_url>"
      "<api_key>key-one</api_key></integration>"
      "<integration><name>custom-w2thive</name><hook_url>http://two.example</hook_url>"
      "<api_key>key-two</api_key><options>{\"organisation\":\"blue\"}</options></integration>"
      "</ossec_config>\n");
  SettingsLookup accounts(Env::real(), home.path());
  spool::Entry entry;
  entry.integration = "custom-w2thive";
  entry.hook_url = "http://two.example";
  entry.options = R"({"organisation":"blue"})";
  const auto two = accounts.of(entry);
  REQUIRE(two.ok());
  CHECK((*two)->endpoint.key.reveal() == "key-two");
  CHECK((*two)->endpoint.organisation == "blue");
  entry.hook_url = "http://one.example";
  CHECK(accounts.of(entry).value()->endpoint.key.reveal() == "key-one");
  entry.hook_url = "http://gone.example";  // of two blocks none is the one
  CHECK(accounts.of(entry).status().code() == ExitCode::usage);
  CHECK_FALSE(accounts.refresh());

  home.write("etc/ossec.conf",
             "<ossec_config><integration><name>custom-w2thive</name>"
             "<hook_url>http://new.example</hook_url><api_key>new</api_key></integration>"
             "</ossec_config>\n");
  CHECK(accounts.refresh());
  const auto changed = accounts.of(entry);  // the only block: its URL was changed
  REQUIRE(changed.ok());
  CHECK((*changed)->endpoint.url == "http://new.example");
  CHECK((*changed)->endpoint.key.reveal() == "new");

  home.write("etc/w2thive.json", R"({"url":"http://file.example","api_key":"from-file"})");
  CHECK(accounts.refresh());
  CHECK(accounts.of(entry).value()->endpoint.key.reveal() == "from-file");
}

}  // namespace socbridge::delivery
