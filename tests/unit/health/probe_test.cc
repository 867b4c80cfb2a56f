// SPDX-License-Identifier: Apache-2.0
#include "health/probe.h"

#include <catch2/catch.hpp>

#include "health/registry.h"

namespace socbridge::health {
namespace {

struct Fixture {
  Options options;
  Probe probe{Env::real(), options, std::nullopt, {"thehive", "TheHive"}, Deadline::after_ms(1000)};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "findings of one name join: the worse state, both details") {
  probe.add("block", State::degraded, Cause::configuration, "a key", "hide it");
  probe.add("block", State::down, Cause::missing, "no url", "give one");
  probe.ok("block", "fine");
  REQUIRE(probe.report().checks.size() == 1);
  const Check& check = probe.report().checks[0];
  CHECK(check.state == State::down);
  CHECK(check.cause == Cause::missing);
  CHECK(check.detail == "no url; a key");
  CHECK(check.next == "give one");
}

TEST_CASE_METHOD(Fixture, "every finding has a next step, an ok check has none") {
  for (const Cause cause :
       {Cause::unreachable, Cause::refused, Cause::auth, Cause::configuration, Cause::version,
        Cause::slow, Cause::stale, Cause::missing, Cause::reported_error}) {
    probe.add(cause_name(cause), State::degraded, cause, "x");
    CHECK_FALSE(probe.report().checks.back().next.empty());
  }
  probe.ok("well", "x");
  CHECK(probe.report().checks.back().next.empty());
}

TEST_CASE_METHOD(Fixture, "text from servers is made printable") {
  probe.add("c", State::down, Cause::reported_error, "a\x1b[2J\r\nb\u202e", "n\nn");
  CHECK(probe.report().checks[0].detail.find_first_of("\x1b\r\n") == std::string::npos);
  CHECK(probe.report().checks[0].next.find('\n') == std::string::npos);
  probe.version("1\x1b");
  CHECK(probe.report().version.find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "unusable settings are unknown, no answer is down") {
  probe.fail("a", Status::error(ExitCode::usage, "bad url"));
  probe.fail("b", Status::error(ExitCode::unreachable, "no answer"));
  probe.fail("c", Status::error(ExitCode::auth, "403"), State::unknown);
  CHECK(probe.report().checks[0].state == State::unknown);
  CHECK(probe.report().checks[1].state == State::down);
  CHECK(probe.report().checks[2].state == State::unknown);
}

TEST_CASE_METHOD(Fixture, "a late first answer is degraded") {
  probe.answered(2000);
  CHECK(probe.report().state() == State::ok);
  probe.answered(2001);
  CHECK(probe.report().state() == State::degraded);
  REQUIRE(probe.report().checks[0].threshold);
  CHECK(probe.report().checks[0].threshold->degraded == 2000);
}

TEST_CASE("probe: durations for people") {
  CHECK(human_duration(-5) == "0 ms");
  CHECK(human_duration(1999) == "1999 ms");
  CHECK(human_duration(2000) == "2 seconds");
  CHECK(human_duration(119999) == "119 seconds");
  CHECK(human_duration(7200000) == "2 hours");
  CHECK(human_duration(172800000) == "2 days");
}

TEST_CASE("probe: names of components and presets") {
  Options options;
  options.wazuh_home = "/nonexistent";
  const auto unknown = make_plans(Env::real(), options, {"grafanna"});
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.status().hint() == "did you mean \"grafana\"?");
  const auto typed = make_plans(Env::real(), options, {"grafana"});
  REQUIRE_FALSE(typed.ok());
  CHECK(typed.status().code() == ExitCode::usage);
  options.system.system_config = "/nonexistent";
  options.system.environment = {{"SOCCTL_PROMETHEUS_URL", "http://p"},
                                {"SOCCTL_GRAFANA_URL", "http://g"}};
  const auto all = make_plans(Env::real(), options, {});
  REQUIRE(all.ok());
  CHECK(all->size() == components().size());
  // Named twice is checked once; Prometheus needs no key, Grafana does.
  const auto some = make_plans(Env::real(), options, {"prometheus", "grafana", "prometheus"});
  REQUIRE(some.ok());
  REQUIRE(some->size() == 2);
  CHECK((*some)[0].endpoint.has_value());
  CHECK((*some)[1].error.message() == "no key for grafana is configured");
  for (const Preset& preset : presets()) {
    for (const std::string_view name : preset.components) {
      bool known = false;
      for (const Component& one : components()) known = known || one.name == name;
      CHECK(known);
    }
  }
}

}  // namespace socbridge::health
