// SPDX-License-Identifier: Apache-2.0
#include "health/probes/wazuh.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <algorithm>

#include "delivery/circuit_breaker.h"
#include "health/registry.h"
#include "probed.h"
#include "spool/spool.h"
#include "support/closed_env.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

// A Wazuh home with custom-w2thive and blocks in its ossec.conf.
struct Home : socbridge::test::TempDir {
  explicit Home(const std::string& blocks) {
    const std::string program = write("integrations/custom-w2thive", "");
    REQUIRE(::chmod(program.c_str(), 0750) == 0);
    write("etc/w2thive.json", R"({"api_key":"k3y"})");
    write("logs/integrations.log", "");
    write("etc/ossec.conf", "<ossec_config>" + blocks + "</ossec_config>");
    folder("queue");
  }
  Options options() const {
    Options out = test::nothing_here();
    out.wazuh_home = path();
    return out;
  }
  Report look(Env& env = Env::real()) const { return look_with(options(), env); }
  static Report look_with(const Options& options, Env& env = Env::real()) {
    Probe probe(env, options, std::nullopt, {"wazuh", "Wazuh"}, Deadline::after_ms(9000));
    probe_wazuh(probe);
    return std::move(probe.report());
  }
};

std::string block(const std::string& more = "", const std::string& name = "custom-w2thive") {
  return "<integration><name>" + name +
         "</name><hook_url>http://thehive.example:9000</hook_url>"
         "<alert_format>json</alert_format>" +
         more + "</integration>";
}

// What the circuit breaker of the home's TheHive knows.
struct Breaker {
  explicit Breaker(const Home& home, const std::string& organisation = "") {
    const std::string dir = home / "queue/w2thive";
    REQUIRE(spool::Spool::open(Env::real(), dir).ok());
    settings.endpoint = {"http://thehive.example:9000", Secret("k3y"), organisation};
    settings.spool_dir = dir;
    breaker.emplace(Env::real(), dir, settings);
  }
  integration::Settings settings;
  std::optional<delivery::CircuitBreaker> breaker;
};

}  // namespace

TEST_CASE("wazuh probe: without a manager here only its API is checked") {
  const socbridge::test::TempDir folder;
  Options options = test::nothing_here();
  for (const std::string& home : {std::string("/nonexistent"), folder.path()}) {
    options.wazuh_home = home;
    CHECK_FALSE(wazuh_is_here(Env::real(), options));
    const Report report = Home::look_with(options);
    CHECK(report.checks.size() == 1);
    CHECK(test::said(report, "api").starts_with("skipped: "));
  }
  options.ossec_conf = "/no/such/file";  // it was named, so it has to be there
  CHECK(wazuh_is_here(Env::real(), options));
  CHECK(test::said(Home::look_with(options), "integration block")
            .starts_with("down configuration: "));
}

TEST_CASE("wazuh probe: installation, delivery, spool, log and indexer block of a manager") {
  const Home home(block());
  CHECK(wazuh_is_here(Env::real(), home.options()));
  const Report report = home.look();
  CHECK(report.url == home.path());
  CHECK_FALSE(test::said(report, "integration block 1").empty());
  CHECK(test::said(report, "delivery 1") == "ok: nothing was sent yet");
  CHECK(test::said(report, "spool") == "ok: " + (home / "queue/w2thive") + ", no alerts yet");
  CHECK(test::said(report, "log") == "ok: no errors and no warnings in the last hour");
  CHECK(test::said(report, "indexer block").starts_with("skipped: there is none"));
  CHECK(test::said(report, "api").starts_with("skipped: "));
  // URL and key may come from the block alone, which is checked as a whole.
  for (const char* name : {"url", "key", "ca"}) CHECK(test::said(report, name).empty());
}

TEST_CASE("wazuh probe: without the program no alert is forwarded") {
  const Home home(block());
  REQUIRE(Env::real().unlink(home / "integrations/custom-w2thive").ok());
  const Report report = home.look();
  CHECK(test::said(report, "executable").starts_with("down "));
  CHECK_FALSE(test::next_of(report, "executable").empty());
}

TEST_CASE("wazuh probe: each block and each destination has its circuit breaker") {
  FakeClock clock;
  const Home home(block() + block("<options>{\"organisation\":\"acme\"}</options>"));
  home.write("etc/w2thive.json",
             R"({"api_key":"k3y","destinations":{"blue":{"organisation":"blue"}}})");
  Breaker top(home), acme(home, "acme"), blue(home, "blue");
  top.breaker->succeeded(wall_now_ms());
  for (int i = 0; i < 3; ++i) acme.breaker->failed("HTTP 503", -1, wall_now_ms());
  blue.breaker->failed("no answer", -1, wall_now_ms());
  clock.advance_ms(180000);
  const Report report = home.look();
  CHECK(test::said(report, "delivery 1").starts_with("ok: TheHive accepts alerts"));
  CHECK(test::said(report, "delivery 2") ==
        "down unreachable: circuit breaker open after 3 failures, since 3 minutes: HTTP 503");
  CHECK(test::said(report, "delivery 1 blue") ==
        "degraded unreachable: 1 failures in a row, since 3 minutes: no answer");
  CHECK(test::next_of(report, "delivery 2").find("socctl health thehive") != std::string::npos);
}

TEST_CASE("wazuh probe: a refused key is down until there is a new one") {
  const FakeClock clock;
  const Home home(block());
  Breaker top(home);
  top.breaker->key_refused("HTTP 401", wall_now_ms());
  const Report report = home.look();
  CHECK(test::said(report, "delivery 1").starts_with("down auth: TheHive refuses the key"));
  CHECK(test::said(report, "delivery 1").ends_with(": HTTP 401"));
  CHECK(test::next_of(report, "delivery 1") ==
        "write a valid key into the key file; it is used at once");
}

TEST_CASE("wazuh probe: a block whose name has more behind custom-w2thive delivers too") {
  const FakeClock clock;
  const Home home(block("", "custom-w2thive-acme") + block("", "slack"));
  home.write("integrations/custom-w2thive-acme", "");
  Breaker top(home);
  top.breaker->key_refused("HTTP 401", wall_now_ms());
  const Report report = home.look();
  CHECK(test::said(report, "delivery 1").starts_with("down auth: TheHive refuses the key"));
  CHECK(test::said(report, "delivery 2").empty());
}

TEST_CASE("wazuh probe: each spool and log that a block names is checked once") {
  const Home home(block() + block() +
                  block("<options>{\"spool_dir\":\"queue/other\",\"log_file\":\"logs/other.log\"}"
                        "</options>"));
  const Report report = home.look();
  CHECK(test::said(report, "spool").find(home / "queue/w2thive") != std::string::npos);
  CHECK(test::said(report, "spool 2").find(home / "queue/other") != std::string::npos);
  CHECK(test::said(report, "spool 3").empty());
  CHECK(test::said(report, "log 2") == "skipped: " + (home / "logs/other.log") +
                                           " cannot be read; it is created with the first failure");
  CHECK(test::said(report, "log 3").empty());
}

TEST_CASE("wazuh probe: a home that this user may not enter is skipped unless it is required") {
  const Home home(block());
  socbridge::test::ClosedEnv env(
      [&](const std::string& path) { return path.starts_with(home.path() + "/"); });
  Options options = home.options();
  const Report skipped = Home::look_with(options, env);
  CHECK(test::said(skipped, "home").starts_with("skipped: "));
  CHECK(test::said(skipped, "home").find("may not enter the Wazuh home " + home.path()) !=
        std::string::npos);
  CHECK(test::next_of(skipped, "home").starts_with("run this as root"));
  CHECK(test::said(skipped, "integration block 1").empty());
  for (const Preset& preset : presets()) {
    options.required = {preset.name};
    const bool has_it = std::count(preset.components.begin(), preset.components.end(), "wazuh") > 0;
    CHECK(test::said(Home::look_with(options, env), "home")
              .starts_with(has_it ? "unknown configuration: " : "skipped: "));
  }
  options.required = {"thehive"};
  CHECK(test::said(Home::look_with(options, env), "home").starts_with("skipped: "));
}

}  // namespace socbridge::health
