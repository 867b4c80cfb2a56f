// SPDX-License-Identifier: Apache-2.0
// One alert, stored or not, sent to a TheHive with fixed answers.
#include "intake/direct_delivery.h"

#include <catch2/catch.hpp>

#include "delivery/circuit_breaker.h"
#include "support/spool_fixture.h"

namespace socbridge::intake {
using namespace socbridge::test;

namespace {

std::string refusal(int status, const std::string& type, const std::string& message) {
  return http_answer(status, R"({"type":")" + type + R"(","message":")" + message + "\"}");
}

struct Fixture {
  explicit Fixture(std::vector<std::string> answers) : server(std::move(answers)) {
    call.debug = true;
    reporter.set_log_file(home / "integrations.log");
    settings.endpoint = {server.url(), Secret("s3cretkey"), ""};
    settings.thehive_version = "5";
    settings.spool_dir = dir;
  }
  Delivered run() {
    Acceptance acceptance(Env::real(), "/none", reporter);
    spool::Entry entry;
    entry.integration = "custom-w2thive";
    entry.alert = bytes;
    acceptance.accept(dir, bounds, entry, {settings.destination});
    auto claims = acceptance.take_claims();
    const Sending sending{Env::real(), acceptance, reporter, alert, bytes};
    std::optional<spool::Claim> claim;
    if (!claims.empty()) claim = std::move(claims.front());
    return deliver_directly(sending, settings, http, std::move(claim), Deadline::after_ms(20000));
  }
  // A spool that takes nothing: full, or no folder at all.
  void fill() {
    auto spool = spool::Spool::open(Env::real(), dir);
    REQUIRE(spool->accept({"custom-w2thive", "", "", wall_now_ms(), bytes}).ok());
    bounds.max_entries = 1;
  }
  void break_spool() { home.write("spool", "no folder"); }
  void refuse_key() {
    delivery::Outcome down;
    down.kind = delivery::Outcome::Kind::key_refused;
    down.message = "licence ended";
    delivery::CircuitBreaker(Env::real(), dir, settings).report(down, wall_now_ms());
  }
  int entries(const char* state) const {
    const auto names = Env::real().list_dir(dir + "/" + state);
    return names.ok() ? static_cast<int>(names->size()) : 0;
  }
  std::uint64_t counted(spool::Counted what) const {
    auto spool = spool::Spool::open(Env::real(), dir).value();
    return spool.all_counts()
        .value()
        .value_or(spool::CountTotals{})
        .at(static_cast<std::size_t>(what));
  }
  std::string log() const { return home.read("integrations.log"); }

  TempDir home;
  const std::string dir = home / "spool";
  CannedServer server;
  http::Client http{http::ClientOptions{}};
  wazuh::Invocation call;
  Reporter reporter{Env::real(), call};
  const std::string bytes = sample_alert();
  const wazuh::Alert alert = wazuh::Alert::parse(bytes).value();
  integration::Settings settings;
  spool::Bounds bounds;
};

}  // namespace

TEST_CASE("a stored alert that arrives leaves nothing in the spool and nothing in the log") {
  Fixture f({created_answer()});
  const Delivered done = f.run();
  CHECK(done.arrived);
  CHECK(done.result.code == ExitCode::ok);
  CHECK(done.result.line == "custom-w2thive: created");
  CHECK(f.entries("queue") == 0);
  CHECK(f.log().empty());
}

TEST_CASE("a stored alert that does not arrive is kept: exit 0, with the reason in the log") {
  Fixture f({http_answer(503, "{}")});
  const Delivered done = f.run();
  CHECK_FALSE(done.arrived);
  CHECK(done.result.code == ExitCode::ok);
  CHECK_THAT(done.result.line, Catch::StartsWith("custom-w2thive: not delivered: ") &&
                                   Catch::EndsWith("; kept in " + f.dir + "/queue"));
  CHECK_THAT(f.log(), Catch::Contains(" ERROR: not delivered: HTTP 503") &&
                          Catch::Contains("; kept in " + f.dir + "/queue\n"));
  CHECK(f.entries("queue") > 0);
}

TEST_CASE("an alert that TheHive refuses for good is in dead, with its words in the log alone") {
  Fixture f({refusal(400, "BadRequest", "no good")});
  const Delivered done = f.run();
  CHECK(done.result.code == ExitCode::ok);
  CHECK(done.result.line == "custom-w2thive: refused by TheHive; kept in " + f.dir + "/dead");
  CHECK_THAT(f.log(), Catch::Contains(" ERROR: refused: HTTP 400 BadRequest: no good"));
  CHECK(f.entries("dead") > 0);
}

TEST_CASE("a destination with a name begins each line about it") {
  Fixture f({created_answer()});
  f.settings.destination = "acme";
  CHECK(f.run().result.line == "custom-w2thive: acme: created");
  Fixture failing({http_answer(503, "{}")});
  failing.settings.destination = "acme";
  CHECK_THAT(failing.run().result.line, Catch::StartsWith("custom-w2thive: acme: not delivered: "));
  CHECK_THAT(failing.log(), Catch::Contains(" ERROR: acme: not delivered: "));
}

TEST_CASE("a refused key is in the log once, not with each alert, which are kept") {
  Fixture f({refusal(401, "AuthenticationError", "no Bearer s3cretkey")});
  const Delivered first = f.run();
  CHECK(first.result.code == ExitCode::ok);
  const std::string log = f.log();
  CHECK(log.find("not delivered: ") == std::string::npos);
  CHECK_FALSE(log.empty());
  CHECK(log.find("s3cretkey") == std::string::npos);
  const std::size_t asked = f.server.requests().size();
  const Delivered second = f.run();
  CHECK_THAT(second.result.line, Catch::StartsWith("custom-w2thive: not delivered yet: ") &&
                                     Catch::EndsWith("; kept in " + f.dir + "/queue"));
  CHECK(f.log() == log);
  CHECK(f.server.requests().size() == asked);
}

TEST_CASE("an alert whose case is still to come is kept, and is not a loss") {
  Fixture f({created_answer(), refusal(503, "Unavailable", "x")});
  f.settings.mapping.promote = true;
  const Delivered done = f.run();
  CHECK(done.result.line ==
        "custom-w2thive: delivered, not in its case yet; kept in " + f.dir + "/queue");
  CHECK_THAT(f.log(),
             Catch::Contains(" WARNING: alert ~4096 is in TheHive, but not in a case yet: "));
  CHECK(f.entries("queue") > 0);
}

TEST_CASE("without a usable spool an alert is sent all the same, with a warning") {
  Fixture f({created_answer()});
  f.break_spool();
  const Delivered done = f.run();
  CHECK(done.arrived);
  CHECK(done.result.line == "custom-w2thive: created");
  CHECK_THAT(
      f.log(),
      Catch::Contains(" WARNING: delivered without being stored first, the spool is unusable: "));
}

TEST_CASE("an alert that is neither delivered nor stored is a failure with both reasons") {
  Fixture f({http_answer(503, "{}")});
  f.break_spool();
  const Delivered done = f.run();
  CHECK_FALSE(done.arrived);
  CHECK(done.result.code == ExitCode::unreachable);
  CHECK_THAT(done.result.line,
             Catch::StartsWith("custom-w2thive: not delivered and not stored: ") &&
                 Catch::Contains("; spool: "));
  CHECK_THAT(f.log(), Catch::Contains(" ERROR: not delivered and not stored: HTTP 503"));
}

TEST_CASE("a full spool takes nothing: what arrives is counted as created, what does not as lost") {
  Fixture f({http_answer(503, "{}"), created_answer()});
  f.fill();
  const Delivered lost = f.run();
  CHECK(lost.result.code == ExitCode::failure);
  CHECK(f.counted(spool::Counted::lost) == 1);
  const Delivered done = f.run();
  CHECK(done.arrived);
  CHECK(f.counted(spool::Counted::created) == 1);
  CHECK(f.counted(spool::Counted::lost) == 1);
  CHECK_THAT(f.log(), Catch::Contains("the spool accepts nothing: "));
}

TEST_CASE("beside a full spool the circuit breaker is obeyed") {
  Fixture f({http_answer(503, "{}")});
  f.fill();
  f.refuse_key();
  const std::size_t asked = f.server.requests().size();
  const Delivered done = f.run();
  CHECK(done.result.code == ExitCode::failure);
  CHECK_THAT(done.result.line, Catch::Contains("not delivered and not stored: the circuit breaker "
                                               "for TheHive is open; spool: "));
  CHECK(f.server.requests().size() == asked);
}

TEST_CASE("a case that is still to come and that no spool keeps is for a person to make") {
  Fixture f({created_answer(), refusal(503, "Unavailable", "x")});
  f.settings.mapping.promote = true;
  f.break_spool();
  const Delivered done = f.run();
  CHECK(done.arrived);
  CHECK(done.result.line == "custom-w2thive: created");
  CHECK_THAT(f.log(),
             Catch::Contains("; it is not stored for another attempt: socctl alert promote "
                             "~4096\n"));
}

}  // namespace socbridge::intake
