// SPDX-License-Identifier: Apache-2.0
#include "delivery/undecided.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::delivery {
using namespace socbridge::test;
using spool::State;

namespace {

struct Fixture {
  TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue").value();
  integration::SettingsLookup lookup{Env::real(), home.path()};
  spool::Entry entry;

  explicit Fixture(const std::string& config) {
    home.write("etc/w2thive.json", config);
    entry.integration = "custom-w2thive";
    entry.accepted_ms = 1741938001037;
    entry.alert = sample_alert();
    entry.destination = spool::kUndecided;
  }
  spool::Claim accept() {
    const std::string id = spool.accept(entry)->id();
    return std::move(*spool.claim(State::queue, id).value());
  }
  std::vector<std::string> waiting() {
    std::vector<std::string> out;
    const auto listed = spool.list(State::queue).value();
    for (const auto& one : listed) {
      out.push_back(spool.destination(State::queue, one.id).value_or("damaged"));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
};

const std::string kSeveral =
    R"({"url":"http://top.example","api_key":"k","destinations":{"acme":{"organisation":"a"}},
        "rules":[{"set":{"destination":["acme","default"]}}]})";

}  // namespace

TEST_CASE("an undecided entry becomes one for each destination") {
  Fixture fixture(kSeveral);
  spool::Claim claim = fixture.accept();
  const auto decided = decide_destinations(fixture.spool, fixture.lookup, claim, fixture.entry);
  REQUIRE(decided.ok());
  CHECK(decided->replaced);
  CHECK(decided->ids.size() == 2);
  CHECK(fixture.waiting() == std::vector<std::string>{"", "acme"});
}

TEST_CASE("an entry for the top-level destination only is not changed") {
  Fixture fixture(R"({"url":"http://top.example","api_key":"k"})");
  spool::Claim claim = fixture.accept();
  const auto decided = decide_destinations(fixture.spool, fixture.lookup, claim, fixture.entry);
  REQUIRE(decided.ok());
  CHECK_FALSE(decided->replaced);
  CHECK(fixture.entry.destination.empty());
  CHECK(fixture.spool.list(State::queue)->size() == 1);
}

TEST_CASE("an entry that was tried keeps its destination") {
  Fixture fixture(kSeveral);
  SECTION("a request may have created it") {
    spool::Claim claim = fixture.accept();
    REQUIRE(fixture.spool.mark_sent(claim).ok());
    CHECK_FALSE(decide_destinations(fixture.spool, fixture.lookup, claim, fixture.entry)->replaced);
  }
  SECTION("a try failed") {
    spool::Reason reason;
    reason.attempts = 1;
    const std::string id = [&] {
      spool::Claim claim = fixture.accept();
      std::string name = claim.id();
      REQUIRE(fixture.spool.postpone(std::move(claim), reason, 1).ok());
      return name;
    }();
    auto again = fixture.spool.claim(State::queue, id).value();
    REQUIRE(again);
    CHECK_FALSE(
        decide_destinations(fixture.spool, fixture.lookup, *again, fixture.entry)->replaced);
  }
  CHECK(fixture.entry.destination.empty());
}

TEST_CASE("with a configuration error an entry waits; a decided one is not changed") {
  Fixture fixture(R"({"min_levl":3})");
  spool::Claim claim = fixture.accept();
  CHECK(decide_destinations(fixture.spool, fixture.lookup, claim, fixture.entry).status().code() ==
        ExitCode::usage);
  fixture.entry.destination = "acme";
  CHECK_FALSE(decide_destinations(fixture.spool, fixture.lookup, claim, fixture.entry)->replaced);
  CHECK(fixture.entry.destination == "acme");
}

}  // namespace socbridge::delivery
