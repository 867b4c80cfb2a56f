// SPDX-License-Identifier: Apache-2.0
// The entry of an alert that is to become a case, until the case is there.
#include <catch2/catch.hpp>

#include "delivery/delivery.h"
#include "promotion_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::integration;
using namespace socbridge::test;

using Promotion = Outcome::Promotion;

namespace {

struct Fixture {
  explicit Fixture(std::vector<std::string> by)
      : spool(spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value()),
        settings(promoting(std::move(by))) {}
  std::unique_ptr<Delivery> deliver(const std::string& alert) {
    auto claim = spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
    REQUIRE(claim.ok());
    return deliver(std::move(*claim), alert);
  }
  std::unique_ptr<Delivery> deliver(spool::Claim claim, const std::string& alert) {
    AlertInput input;
    input.raw = alert;
    return std::make_unique<Delivery>(channel, input,
                                      StoredEntry{spool, std::move(claim), wall_now_ms()});
  }
  std::unique_ptr<Delivery> again(const std::string& id, const std::string& alert) {
    auto claim = spool.claim(spool::State::queue, id);
    REQUIRE(claim.ok());
    REQUIRE(claim->has_value());
    return deliver(std::move(**claim), alert);
  }
  std::uint64_t counted(spool::Counted what) const {
    return spool.all_counts()
        .value()
        .value_or(spool::CountTotals{})
        .at(static_cast<std::size_t>(what));
  }
  TempDir home;
  spool::Spool spool;
  Settings settings;
  ServerVersionCache versions{Env::real(), "", ""};
  Channel channel{Env::real(), settings, spool.dir(), spool.state_dir(), versions};
};

std::string other_alert() {
  std::string text = sample_alert();
  text.replace(text.find("1741938001.1201"), 15, "1741938001.9999");
  return text;
}

}  // namespace

TEST_CASE("the entry stays until the promotion is done, and the alert is counted once") {
  Fixture w({});
  auto first = w.deliver(sample_alert());
  static_cast<void>(first->next(1000));
  first->answered(said(201, kNewAlert));
  static_cast<void>(first->next(1000));
  SECTION("TheHive goes down before the case") {
    first->answered(error(503, "Unavailable", "x"));
    const Report report = first->finish();
    CHECK(report.settled.ok());
    CHECK(w.counted(spool::Counted::created) == 0);
    const auto reason = w.spool.reason(spool::State::queue, report.id);
    REQUIRE(reason);
    CHECK_THAT(reason->message, Catch::Contains("alert ~1 is in TheHive, but not in a case yet"));
    first.reset();
    auto second = w.again(report.id, sample_alert());
    CHECK(second->next(1000).method == "GET");
    second->answered(said(
        200, R"({"_id":"~1","stage":"New","_createdAt":)" + std::to_string(wall_now_ms()) + "}"));
    CHECK_THAT(second->next(1000).url, Catch::EndsWith("/api/v1/alert/~1/case"));
    second->answered(said(201, kCase));
    CHECK(second->finish().outcome.promoted());
    CHECK(w.spool.list(spool::State::queue)->empty());
    CHECK(w.counted(spool::Counted::created) == 1);
    CHECK(w.counted(spool::Counted::promoted) == 1);
  }
  SECTION("killed while the case is made: asked before anything is done") {
    const std::string id = w.spool.list(spool::State::queue)->front().id;
    first.reset();  // as a kill
    auto too_early = w.again(id, sample_alert());
    REQUIRE(too_early->finished());
    CHECK(too_early->outcome().postponed == Outcome::Postponed::unsettled);
  }
}

TEST_CASE("an ambiguous end of a found alert's promotion stays ambiguous for all") {
  Fixture w({});
  const std::string alert = sample_alert();
  auto claim = w.spool.accept({"custom-w2thive", "", "", wall_now_ms(), alert});
  REQUIRE(claim.ok());
  AlertInput input;
  input.raw = alert;
  input.ambiguous_before = true;
  Delivery first(w.channel, input, StoredEntry{w.spool, std::move(*claim), wall_now_ms()});
  CHECK(first.next(1000).method == "GET");
  first.answered(said(200, kNewAlert));
  CHECK_THAT(first.next(1000).url, Catch::EndsWith("/api/v1/alert/~1/case"));
  first.answered(broke_off());
  CHECK_THAT(first.next(1000).url, Catch::EndsWith("/user/current"));
  first.answered(key_is_fine());
  REQUIRE(first.finished());
  CHECK(first.finish().outcome.ambiguous);
  // Another delivery of the same alert, while TheHive may still be at work.
  const auto other = w.deliver(alert);
  REQUIRE(other->finished());
  CHECK(other->outcome().postponed == Outcome::Postponed::unsettled);
}

TEST_CASE("two alerts of one key are promoted one after the other") {
  Fixture w({"rule.id"});
  auto first = w.deliver(sample_alert());
  auto second = w.deliver(other_alert());
  for (const auto& one : {first.get(), second.get()}) static_cast<void>(one->next(1000));
  first->answered(said(201, kNewAlert));
  REQUIRE_FALSE(first->finished());
  second->answered(said(201, R"({"_id":"~2"})"));
  REQUIRE(second->finished());
  CHECK(second->outcome().postponed == Outcome::Postponed::case_busy);
  const Report waits = second->finish();
  REQUIRE(waits.decision);
  CHECK(waits.decision->disposition == Disposition::retry);
  CHECK_THAT(w.spool.reason(spool::State::queue, waits.id)->message,
             Catch::Contains("another alert for the same case"));
  second.reset();
  static_cast<void>(first->next(1000));
  first->answered(said(200, "[]"));
  static_cast<void>(first->next(1000));
  first->answered(said(201, kCase));
  CHECK(first->finish().outcome.promotion == Promotion::promoted);
  first.reset();
  // TheHive's search may not see the new case yet.
  second = w.again(waits.id, other_alert());
  static_cast<void>(second->next(1000));
  second->answered(said(200, R"({"_id":"~2","stage":"New"})"));
  REQUIRE(second->finished());
  CHECK(second->outcome().postponed == Outcome::Postponed::case_busy);
  CHECK(second->outcome().not_before_ms > wall_now_ms());
}

}  // namespace socbridge::delivery
