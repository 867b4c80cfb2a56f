// SPDX-License-Identifier: Apache-2.0
#include "cortex/quota.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "support/canned_server.h"
#include "support/raw_server.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::cortex;

namespace {

Analyzer limited(const std::string& name, std::int64_t rate) {
  Analyzer out;
  out.id = "id-" + name;
  out.name = out.definition = name;
  out.rate = rate;
  out.rate_unit = "Day";
  return out;
}

// Answers every search with that many jobs in all.
struct Fixture {
  explicit Fixture(std::string total)
      : server([total = std::move(total)](http::test::Peer& peer) {
          while (!peer.read_request().empty()) {
            peer.send(http::test::answer(
                "200 OK", "[]", "Content-Type: application/json\r\nX-Total: " + total + "\r\n"));
          }
        }) {}
  Result<std::vector<QuotaState>> states(const std::vector<Analyzer>& analyzers,
                                         const std::vector<LimitRule>& rules = {}) {
    Client client(http, {url(), Secret("k")});
    return quota_states(client, ledger, analyzers, rules, Deadline::after_ms(5000));
  }
  std::string url() const { return "http://" + server.host_port(); }
  void start_here(const Analyzer& analyzer, std::int64_t count) {
    const auto grant = ledger.reserve(Ledger::key(url(), analyzer), limit_of(analyzer, {}), count,
                                      0, wall_now_ms());
    REQUIRE(grant.ok());
    REQUIRE(grant->count == count);
  }
  http::test::RawServer server;
  http::Client http{http::ClientOptions{}};
  socbridge::test::TempDir home;
  Ledger ledger{Env::real(), home / "quota"};
};

}  // namespace

TEST_CASE("an analyzer without a limit costs no request") {
  Fixture fixture("5");
  const auto states = fixture.states({limited("FileInfo", 0)});
  REQUIRE(states.ok());
  REQUIRE(states->size() == 1);
  CHECK_FALSE((*states)[0].limit.exists());
  CHECK(fixture.server.connections() == 0);
  const auto json = json::Document::parse((*states)[0].json());
  REQUIRE(json.ok());
  CHECK(json->root()["limit"].type() == json::Type::null);
  CHECK(json->root()["left"].type() == json::Type::null);
  CHECK(json->root()["used"].integer() == 0);
}

TEST_CASE("jobs that Cortex counts beyond our own were started by others") {
  Fixture fixture("7");
  const Analyzer analyzer = limited("A", 10);
  fixture.start_here(analyzer, 3);
  const auto states = fixture.states({analyzer});
  REQUIRE(states.ok());
  const QuotaState& state = (*states)[0];
  CHECK(state.ours == 3);
  CHECK(state.others == 4);
  CHECK(state.left == 3);
  CHECK(state.next_free > wall_now_ms());
  const auto json = json::Document::parse(state.json());
  REQUIRE(json.ok());
  CHECK(json->root()["limit"].integer() == 10);
  CHECK(json->root()["unit"].string() == "day");
  CHECK(json->root()["used"].integer() == 7);
  CHECK(json->root()["usedElsewhere"].integer() == 4);
  CHECK(json->root()["nextFree"].string()->ends_with("Z"));
  CHECK(fixture.server.received().find("\"_value\":\"id-A\"") != std::string::npos);
}

TEST_CASE("if Cortex lists fewer jobs than we started, ours still count") {
  Fixture fixture("1");
  const Analyzer analyzer = limited("A", 10);
  fixture.start_here(analyzer, 4);
  const auto states = fixture.states({analyzer});
  CHECK((*states)[0].others == 0);
  CHECK((*states)[0].left == 6);
}

TEST_CASE("deleted jobs still count in Cortex, which does not list them") {
  Fixture fixture("2");
  const Analyzer analyzer = limited("A", 10);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(fixture.ledger.note_deleted(Ledger::key(fixture.url(), analyzer), wall_now_ms()).ok());
  }
  CHECK((*fixture.states({analyzer}))[0].others == 5);
  CHECK((*fixture.states({analyzer}))[0].left == 5);
}

TEST_CASE("used up is used up, however many Cortex counts") {
  for (const char* total :
       {"10", "11", "4611686018427387904", "9223372036854775807", "18446744073709551615"}) {
    Fixture fixture(total);
    const Analyzer analyzer = limited("A", 10);
    fixture.start_here(analyzer, 10);
    REQUIRE(fixture.ledger.note_deleted(Ledger::key(fixture.url(), analyzer), wall_now_ms()).ok());
    const auto states = fixture.states({analyzer});
    CAPTURE(total);
    REQUIRE(states.ok());
    CHECK((*states)[0].left == 0);
    CHECK((*states)[0].ours == 10);
    CHECK((*states)[0].others >= 0);
  }
}

TEST_CASE("a limit given by the caller overrides Cortex's own rate") {
  Fixture fixture("0");
  const auto rule = parse_limit_rule("A=4/minute", "--quota");
  REQUIRE(rule.ok());
  const auto states = fixture.states({limited("A", 10)}, {*rule});
  CHECK((*states)[0].limit.count == 4);
  CHECK((*states)[0].left == 4);
}

TEST_CASE("quota: an answer that is none is an error") {
  for (const char* body : {"{}", "x", "null"}) {
    const socbridge::test::CannedServer server({socbridge::test::http_answer(200, body)});
    http::Client http{http::ClientOptions{}};
    Client client(http, {server.url(), Secret("k")});
    const socbridge::test::TempDir home;
    Ledger ledger(Env::real(), home / "quota");
    CHECK_FALSE(quota_states(client, ledger, {limited("A", 1)}, {}, Deadline::after_ms(5000)).ok());
  }
}

TEST_CASE("presets name analyzers; an unknown one is refused with the nearest") {
  CHECK(preset("location").value() == std::vector<std::string>{"MaxMind_GeoIP"});
  CHECK(preset("reputation").value().size() == 3);
  CHECK(preset("reputtion").status().line() ==
        "there is no preset \"reputtion\"; did you mean reputation?");
  CHECK_THAT(preset("").status().line(),
             Catch::EndsWith("known are reputation, location, files, free"));
  CHECK(preset("\x1b[2J").status().code() == ExitCode::usage);
  CHECK(preset("\x1b[2J").status().line().find('\x1b') == std::string::npos);
}
