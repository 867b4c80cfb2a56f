// SPDX-License-Identifier: Apache-2.0
#include "intake/intake.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/time.h"
#include "spool/spool.h"
#include "support/spool_fixture.h"

namespace socbridge::intake {
using namespace socbridge::test;

namespace {

struct Home : TempDir {
  Home() {
    ::setenv("SOCBRIDGE_WAZUH_HOME", path().c_str(), 1);
    write("logs/integrations.log", "");
    write("etc/w2thive.json", R"({"thehive_version":"5"})");
  }
  ~Home() { ::unsetenv("SOCBRIDGE_WAZUH_HOME"); }

  IntakeResult run(const std::string& alert, const std::string& key, const std::string& url,
                   bool debug = true) const {
    const std::string file = write("x.alert", alert);
    return run_intake(Env::real(), {file, key, url, debug ? "debug" : "", "", "10", "3"});
  }
  std::string log() const { return read("logs/integrations.log"); }
};

}  // namespace

TEST_CASE("delivered: exit 0, the entry is removed, a line only in debug mode") {
  const Home home;
  const CannedServer server({created_answer()});
  const IntakeResult loud = home.run(sample_alert(), "s3cretkey", server.url());
  CHECK(loud.code == ExitCode::ok);
  CHECK(loud.line == "custom-w2thive: created (alert 1741938001.1201, rule 5763)");
  const IntakeResult quiet = home.run(sample_alert(), "s3cretkey", server.url(), false);
  CHECK(quiet.code == ExitCode::ok);
  CHECK(quiet.line.empty());
  CHECK(home.entries("queue") == 0);
  CHECK(home.log().empty());
}

TEST_CASE("filtered: exit 0, nothing stored or requested; counted if there is a spool") {
  const Home home;
  home.write("etc/w2thive.json", R"({"min_level":7,"thehive_version":"5"})");
  const CannedServer server({created_answer()});
  CHECK(home.run(sample_alert(3), "s3cretkey", server.url()).code == ExitCode::ok);
  CHECK(server.requests().empty());
  CHECK_FALSE(std::filesystem::exists(home.path() + "/queue/w2thive"));
  CHECK(home.run(sample_alert(9), "s3cretkey", server.url()).code == ExitCode::ok);
  CHECK(home.run(sample_alert(3), "s3cretkey", server.url()).code == ExitCode::ok);
  CHECK(server.requests().size() == 1);
  CHECK(home.entries("queue") == 0);
  auto spool = spool::Spool::open_read_only(Env::real(), home.path() + "/queue/w2thive").value();
  CHECK(spool.counts().read().value()->at(static_cast<std::size_t>(spool::Counted::filtered)) == 1);
}

TEST_CASE("not delivered: kept, exit 0, one line in the log") {
  const Home home;
  const CannedServer server({http_answer(503, "{}")});
  const IntakeResult result = home.run(sample_alert(), "s3cretkey", server.url(), false);
  CHECK(result.code == ExitCode::ok);
  CHECK(result.line.empty());
  CHECK(home.entries("queue") == 1);
  const std::string log = home.log();
  CHECK(std::count(log.begin(), log.end(), '\n') == 1);
  CHECK_THAT(log, Catch::Contains("ERROR: ") && Catch::Contains("503") &&
                      Catch::Contains("(alert 1741938001.1201, rule 5763)"));
}

TEST_CASE("no URL, no key, a broken configuration: kept, exit 2") {
  const Home home;
  std::string wanted = "URL";
  SECTION("no URL") { CHECK(home.run(sample_alert(), "s3cretkey", "").code == ExitCode::usage); }
  SECTION("no key") {
    wanted = "key";
    CHECK(home.run(sample_alert(), "", "http://127.0.0.1:1").code == ExitCode::usage);
  }
  SECTION("unknown name, and then filters are not trusted either") {
    wanted = "min_level";
    home.write("etc/w2thive.json", R"({"minlevel":3})");
    CHECK(home.run(sample_alert(3), "s3cretkey", "http://127.0.0.1:1").code == ExitCode::usage);
  }
  SECTION("the options file is gone") {
    wanted = "<options>";
    const std::string file = home.write("x.alert", sample_alert());
    CHECK(run_intake(Env::real(),
                     {file, "k", "http://127.0.0.1:1", "", "/tmp/gone-1-1.options", "10", "3"})
              .code == ExitCode::usage);
  }
  CHECK(home.entries("queue") == 1);
  CHECK_THAT(home.log(), Catch::Contains(wanted));
}

TEST_CASE("intake: data that is not an alert") {
  const Home home;
  SECTION("text format and empty files are not stored") {
    const std::string text =
        "alertdate='2025 Mar 14 07:40:01'\nalertlocation='web-01'\nruleid='5763'\n"
        "alertlevel='10'\nruledescription='x'\nalertlog='y'\nsrcip='203.0.113.9'";
    const IntakeResult result = home.run(text, "s3cretkey", "http://127.0.0.1:1");
    CHECK(result.code == ExitCode::bad_input);
    CHECK_THAT(result.line, Catch::Contains("<alert_format>json</alert_format>"));
    CHECK(home.run("", "s3cretkey", "http://127.0.0.1:1").code == ExitCode::bad_input);
    CHECK(home.entries("corrupt") == 0);
  }
  SECTION("broken JSON is set aside") {
    const IntakeResult result =
        home.run("{\"rule\": {\"level\":", "s3cretkey", "http://127.0.0.1:1");
    CHECK(result.code == ExitCode::bad_input);
    CHECK(home.entries("corrupt") == 1);
  }
  CHECK(home.entries("queue") == 0);
}

TEST_CASE("counted: no request, but occasionally one sends waiting alerts") {
  const Home home;
  home.write("etc/w2thive.json",
             R"({"thehive_version":"5","rate_cap":{"by":["rule.id"],"max":1,"per":"10m"}})");
  // The summary is read before it is created.
  const CannedServer server(
      {created_answer(),
       http_answer(404, R"({"type":"NotFoundError","message":"Alert not found"})"),
       created_answer()});
  const auto run = [&](int number) {
    std::string alert = sample_alert();
    alert.replace(alert.find("8001.1201"), 9, "8001.120" + std::to_string(number));
    const IntakeResult result = home.run(alert, "s3cretkey", server.url());
    CHECK(result.code == ExitCode::ok);
    return result.line;
  };
  CHECK_THAT(run(1), Catch::Contains("created"));
  CHECK_THAT(run(2), Catch::Contains("counted"));
  REQUIRE(home.entries("queue") == 1);  // the summary, whose window ended long ago
  REQUIRE(server.requests().size() == 1);
  const std::string list = home.path() + "/queue/w2thive/state/due";
  SECTION("with an old list of due ones") {
    std::filesystem::remove(list);
    CHECK_THAT(run(3), Catch::Contains("counted"));
    CHECK(server.requests().size() == 3);
    CHECK(home.entries("queue") == 0);
  }
  SECTION("not with a fresh one") {
    const std::filesystem::directory_iterator first(home.path() + "/queue/w2thive/queue");
    home.write("queue/w2thive/state/due", "socbridge-due 1 " + std::to_string(wall_now_ms()) +
                                              "\n" + first->path().stem().string() + "\n");
    CHECK_THAT(run(3), Catch::Contains("counted"));
    CHECK(server.requests().size() == 1);
  }
  SECTION("not if a relay delivers") {
    std::filesystem::remove(list);
    home.write("etc/w2thive.json",
               R"({"thehive_version":"5","rate_cap":{"by":["rule.id"],"max":1,"per":"10m"},)"
               R"("delivery":"queue"})");
    CHECK_THAT(run(3), Catch::Contains("counted"));
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("without a spool it delivers with a warning, or fails with the reason's code") {
  const Home home;
  home.write("queue/w2thive", "a file where the folder should be");
  SECTION("delivered") {
    const CannedServer server({created_answer()});
    CHECK(home.run(sample_alert(), "s3cretkey", server.url()).code == ExitCode::ok);
    CHECK_THAT(home.log(), Catch::Contains("spool"));
  }
  SECTION("refused key") {
    const CannedServer server(
        {http_answer(401, R"({"type":"AuthenticationError","message":"evil"})")});
    const IntakeResult result = home.run(sample_alert(), "s3cretkey", server.url(), false);
    CHECK(result.code == ExitCode::auth);
    CHECK_THAT(result.line, Catch::Contains("not delivered and not stored"));
    CHECK(result.line.find("evil") == std::string::npos);
  }
  SECTION("connection refused") {
    CHECK(home.run(sample_alert(), "s3cretkey", "http://127.0.0.1:1").code ==
          ExitCode::unreachable);
  }
}

TEST_CASE("without a Wazuh home nothing is created, and an undelivered alert is a failure") {
  const Home home;
  const std::string none = home.path() + "/no-wazuh";
  ::setenv("SOCBRIDGE_WAZUH_HOME", none.c_str(), 1);
  const IntakeResult result = home.run(sample_alert(), "s3cretkey", "http://127.0.0.1:1");
  CHECK(result.code == ExitCode::unreachable);
  CHECK_THAT(result.line, Catch::Contains("there is no Wazuh at " + none));
  CHECK_FALSE(Env::real().stat(none).ok());
}

TEST_CASE("intake: arguments that give no alert") {
  const Home home;
  CHECK(run_intake(Env::real(), {}).code == ExitCode::usage);
  const IntakeResult empty = run_intake(Env::real(), {"", "k", "http://127.0.0.1:1"});
  CHECK(empty.code == ExitCode::failure);
  CHECK_THAT(empty.line, Catch::Contains("/tmp"));
  CHECK(run_intake(Env::real(), {"/nonexistent.alert", "k", ""}).code == ExitCode::failure);
}

}  // namespace socbridge::intake
