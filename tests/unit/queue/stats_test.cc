// SPDX-License-Identifier: Apache-2.0
#include "queue/stats.h"

#include "delivery/circuit_breaker.h"
#include "fixture.h"

namespace socbridge::queue {
using namespace socbridge::queue::test;
using spool::State;

namespace {

QueueStats stats(Fixture& fixture, UnixMillis now = kNow) {
  auto out = queue_stats(Env::real(), fixture.spool, fixture.lookup, now);
  INFO(out.status().line());
  REQUIRE(out.ok());
  return std::move(*out);
}

spool::Entry entry_of(UnixMillis accepted_ms, const std::string& destination = "") {
  spool::Entry out;
  out.accepted_ms = accepted_ms;
  out.destination = destination;
  return out;
}

}  // namespace

TEST_CASE("an empty spool has four empty states") {
  Fixture fixture;
  const QueueStats all = stats(fixture);
  REQUIRE(all.states.size() == 4);
  for (const StateStats& one : all.states) {
    CHECK(one.count + one.bytes + one.in_flight + one.due == 0);
    CHECK_FALSE(one.oldest_ms);
    CHECK_FALSE(one.next_due_ms);
    CHECK(one.kinds.empty());
  }
  CHECK(all.totals.empty());
  CHECK(all.destinations.empty());
  if (all.counts) CHECK(*all.counts == spool::CountTotals{});
}

TEST_CASE("each state has its number, bytes, oldest and kinds") {
  Fixture fixture;
  fixture.add(State::queue, {}, entry_of(kNow - 1000));
  fixture.add(State::queue, reason("retry"), entry_of(kNow - 9000));
  fixture.add(State::queue, reason("retry"), entry_of(kNow - 5000));
  fixture.add(State::dead, reason("refused"), entry_of(kNow - 99000));
  const std::string claimed = fixture.add(State::queue, {}, entry_of(kNow));
  const auto claim = fixture.spool.claim(State::queue, claimed);
  const QueueStats all = stats(fixture);
  const StateStats& waiting = all.states[0];
  CHECK(waiting.state == State::queue);
  CHECK(waiting.count == 4);
  CHECK(waiting.bytes > 400);
  CHECK(waiting.in_flight == 1);
  CHECK(waiting.due == 2);
  CHECK(waiting.oldest_ms == kNow - 9000);
  CHECK(waiting.next_due_ms == kNow);
  CHECK(waiting.kinds == std::map<std::string, std::uint64_t>{{"new", 2}, {"retry", 2}});
  const StateStats& dead = all.states[2];
  CHECK(dead.state == State::dead);
  CHECK(dead.count == 1);
  CHECK(dead.due == 0);
  CHECK_FALSE(dead.next_due_ms);
  CHECK(dead.kinds == std::map<std::string, std::uint64_t>{{"refused", 1}});
  CHECK(stats(fixture, kNow + 60000).states[0].due == 4);
}

TEST_CASE("with one destination there are no totals; with several each has totals") {
  Fixture fixture;
  fixture.add(State::queue);
  CHECK(stats(fixture).totals.empty());
  fixture.home.write("etc/w2thive.json",
                     R"({"url":"http://top.example","api_key":"k","thehive_version":"5",
                         "destinations":{"acme":{"organisation":"a"}}})");
  fixture.lookup.forget();
  fixture.add(State::dead, reason("refused"), entry_of(kNow, "acme"));
  fixture.add(State::queue, {}, entry_of(kNow, "acme"));
  fixture.home.write("queue/w2thive/queue/0000000001000-0000000000000001.alert", "damaged");
  const QueueStats all = stats(fixture);
  REQUIRE(all.totals.size() == 2);
  CHECK(all.totals[0].name.empty());
  CHECK(all.totals[0].entries == std::array<std::uint64_t, 4>{1, 0, 0, 0});
  CHECK(all.totals[1].name == "acme");
  CHECK(all.totals[1].entries == std::array<std::uint64_t, 4>{1, 0, 1, 0});
  CHECK(all.states[0].count == 3);
  REQUIRE(all.destinations.size() == 2);
  CHECK(all.destinations[1].organisation == "a");
  CHECK(all.destinations[0].view.state == "unknown");
}

TEST_CASE("a destination shows its circuit breaker, once, however many entries go there") {
  Fixture fixture;
  fixture.home.write("etc/w2thive.json",
                     R"({"url":"http://top.example","api_key":"k","thehive_version":"5"})");
  for (int i = 0; i < 3; ++i) fixture.add(State::queue);
  integration::Settings settings;
  settings.endpoint = {"http://top.example", Secret("k"), ""};
  delivery::Outcome refused;
  refused.kind = delivery::Outcome::Kind::key_refused;
  refused.message = "no such key";
  delivery::CircuitBreaker(Env::real(), fixture.spool.dir(), settings).report(refused, kNow);
  const QueueStats all = stats(fixture);
  REQUIRE(all.destinations.size() == 1);
  CHECK(all.destinations[0].url == "http://top.example");
  CHECK(all.destinations[0].view.state == "auth");
  const auto json = parsed(destination_stats_json(all.destinations[0]));
  CHECK(json.root()["kind"].string() == "destination");
  CHECK(json.root()["state"].string() == "auth");
  CHECK(json.root()["message"].string() == "no such key");
  CHECK(json.root()["since_ms"].integer() == kNow);
  CHECK(json.root()["name"].missing());
  CHECK(json.root()["organisation"].missing());
}

TEST_CASE("stats: results of alerts are counted") {
  Fixture fixture;
  const std::string id = fixture.add(State::queue);
  auto claim = fixture.spool.claim(State::queue, id);
  REQUIRE(fixture.spool.remove(std::move(**claim), spool::Counted::created).ok());
  const QueueStats all = stats(fixture);
  REQUIRE(all.counts);
  const auto json = parsed(counts_json(*all.counts));
  CHECK(json.root()["kind"].string() == "alerts");
  CHECK(json.root()["created"].integer() == 1);
  CHECK(json.root()["lost"].integer() == 0);
  CHECK(json.root().size() == spool::kCounted + 1);
}

TEST_CASE("a state as JSON: due times of queue/ only") {
  StateStats one;
  one.count = 3;
  one.kinds = {{"new", 3}};
  one.oldest_ms = 5;
  one.next_due_ms = 7;
  auto json = parsed(state_stats_json(one));
  CHECK(json.root()["state"].string() == "queue");
  CHECK(json.root()["next_due_ms"].integer() == 7);
  CHECK(json.root()["kinds"].dump() == R"({"new":3})");
  one.state = State::dead;
  one.oldest_ms = {};
  json = parsed(state_stats_json(one));
  CHECK(json.root()["due"].missing());
  CHECK(json.root()["next_due_ms"].missing());
  CHECK(json.root()["oldest_ms"].missing());
}

TEST_CASE("totals as JSON: the top-level destination by its name, counts if there are any") {
  DestinationTotals one;
  one.entries = {1, 2, 3, 4};
  auto json = parsed(totals_json(one));
  CHECK(json.root()["destination"].string() == "default");
  CHECK(json.root()["entries"].dump() == R"({"queue":1,"hold":2,"dead":3,"corrupt":4})");
  CHECK(json.root()["created"].missing());
  one.name = "acme";
  one.counts.emplace();
  one.counts->at(static_cast<std::size_t>(spool::Counted::lost)) = 9;
  json = parsed(totals_json(one));
  CHECK(json.root()["destination"].string() == "acme");
  CHECK(json.root()["lost"].integer() == 9);
}

}  // namespace socbridge::queue
