// SPDX-License-Identifier: Apache-2.0
#include "queue/key_check.h"

#include "fixture.h"
#include "support/canned_server.h"

namespace socbridge::queue {
using namespace socbridge::queue::test;
using socbridge::test::CannedServer;
using socbridge::test::http_answer;

namespace {

const std::string kAccepted =
    http_answer(200, R"({"login":"w","organisation":"a","permissions":["manageAlert/create"]})");
const std::string kRefused =
    http_answer(401, R"({"type":"AuthenticationError","message":"no Bearer s3cretkey"})");

// A spool whose circuit breaker is open for the key of the server with these answers.
struct Keys : Fixture {
  explicit Keys(std::vector<std::string> answers) : server(std::move(answers)) {
    settings.endpoint = {server.url(), Secret("s3cretkey"), ""};
    refuse(settings);
  }
  void refuse(const integration::Settings& which) {
    delivery::Outcome down;
    down.kind = delivery::Outcome::Kind::key_refused;
    down.message = "refused";
    delivery::CircuitBreaker(Env::real(), spool.dir(), which).report(down, wall_now_ms());
  }
  std::string state() const {
    return delivery::CircuitBreaker(Env::real(), spool.dir(), settings).view().state;
  }
  std::optional<KeyCheck> check() {
    http::Client http{http::ClientOptions{}};
    return check_key(Env::real(), spool.dir(), settings, http, Deadline::after_ms(20000));
  }
  CannedServer server;
  integration::Settings settings;
};

}  // namespace

TEST_CASE("a key that TheHive accepts by now closes the circuit breaker for all") {
  Keys keys({kAccepted});
  REQUIRE(keys.state() == "auth");
  const auto check = keys.check();
  REQUIRE(check);
  CHECK(check->key.ok());
  CHECK(check->url == keys.server.url());
  CHECK_FALSE(check->opened.empty());
  CHECK(keys.state() != "auth");
  CHECK_FALSE(keys.check());  // nothing is open for a key any more
  CHECK(keys.server.requests() == std::vector<std::string>{"GET /api/v1/user/current HTTP/1.1"});
}

TEST_CASE("a key that is still refused, or of which nothing is known, changes nothing") {
  struct Row {
    std::string answer;
    ExitCode code;
  };
  for (const Row& row :
       {Row{kRefused, ExitCode::auth}, Row{http_answer(503, "{}"), ExitCode::unreachable},
        Row{http_answer(200, "{}"), ExitCode::refused}}) {
    Keys keys({row.answer});
    const auto check = keys.check();
    REQUIRE(check);
    CHECK(check->key.code() == row.code);
    CHECK(check->key.message().find("s3cretkey") == std::string::npos);
    CHECK(check->opened.empty());
    CHECK(keys.state() == "auth");
  }
}

TEST_CASE("a circuit breaker that is not open for the key costs no request") {
  Keys keys({kAccepted});
  keys.settings.endpoint.organisation = "other";
  CHECK_FALSE(keys.check());
  CHECK(keys.server.requests().empty());
}

TEST_CASE("a destination with a name has it behind its URL") {
  Keys keys({kRefused});
  keys.settings.destination = "acme";
  CHECK(keys.check()->url == keys.server.url() + " (acme)");
}

TEST_CASE("the keys of the configuration and of the entries are checked, each destination once") {
  Keys keys({kAccepted});
  CannedServer old({kRefused});
  integration::Settings moved = keys.settings;
  moved.endpoint.url = old.url();
  moved.endpoint.key = Secret("old");
  keys.refuse(moved);
  keys.home.write("etc/w2thive.json", R"({"thehive_version":"5","api_key":"s3cretkey","url":")" +
                                          keys.server.url() +
                                          R"(","destinations":{"acme":{"organisation":"soc"}}})");
  std::vector<QueueEntry> entries;
  for (int i = 0; i < 3; ++i) entries.push_back(keys.entry(keys.add(spool::State::queue)));
  const auto checks = check_keys(Env::real(), keys.spool, keys.lookup, entries);
  REQUIRE(checks.size() == 1);
  CHECK(checks[0].key.ok());
  CHECK(keys.server.requests().size() == 1);
  CHECK(old.requests().empty());  // no entry and no configuration leads there
}

TEST_CASE("entries whose settings cannot be found are left out of the check of keys") {
  Keys keys({kAccepted});
  const std::string id = keys.add(spool::State::queue);
  const auto checks = check_keys(Env::real(), keys.spool, keys.lookup, {keys.entry(id)});
  CHECK(checks.empty());
  CHECK(keys.server.requests().empty());
}

TEST_CASE("that another request was accepted closes the circuit breaker") {
  Keys keys({kAccepted});
  report_key_accepted(Env::real(), keys.spool.dir(), keys.settings.endpoint);
  CHECK(keys.state() != "auth");
  CHECK(keys.server.requests().empty());
}

TEST_CASE("without a spool an accepted key is noted nowhere") {
  const socbridge::test::TempDir home;
  const std::string dir = home / "none";
  report_key_accepted(Env::real(), dir, {"http://127.0.0.1:9", Secret("k"), ""});
  CHECK_FALSE(home.has("none"));
}

}  // namespace socbridge::queue
