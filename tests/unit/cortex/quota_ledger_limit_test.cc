// SPDX-License-Identifier: Apache-2.0
// Limits of analyzers: how people write them, and whose limit counts.
#include <catch2/catch.hpp>

#include "cortex/quota_ledger.h"

using namespace socbridge;

namespace {

constexpr std::int64_t kDay = 86400000;

cortex::Analyzer named(const char* definition) {
  cortex::Analyzer a;
  a.name = a.definition = definition;
  return a;
}

}  // namespace

TEST_CASE("whose limit counts") {
  auto virustotal = named("VirusTotal_GetReport_3_1");
  CHECK(cortex::limit_of(virustotal, {}).text() == "500/day");
  CHECK(cortex::limit_of(named("AbuseIPDB_2_0"), {}).text() == "1000/day");
  CHECK_FALSE(cortex::limit_of(named("URLhaus_2_0"), {}).exists());
  virustotal.rate = 4;
  virustotal.rate_unit = "Minute";
  CHECK(cortex::limit_of(virustotal, {}).text() == "4/minute");
  CHECK(cortex::limit_of(virustotal, {}).origin == "Cortex");
  const auto rule = cortex::parse_limit_rule("virustotal_getreport=7/Hour", "--quota");
  REQUIRE(rule.ok());
  CHECK(cortex::limit_of(virustotal, {*rule}).text() == "7/hour");
  CHECK_FALSE(
      cortex::limit_of(virustotal, {*cortex::parse_limit_rule("VirusTotal_GetReport=none", "")})
          .exists());
  for (const char* bad : {"x", "x=", "=1/day", "x=0/day", "x=1", "x=1/week", "x=-1/day"})
    CHECK_FALSE(cortex::parse_limit_rule(bad, "").ok());
}

TEST_CASE("a limit is a number and a unit of time, or none") {
  const auto day = cortex::parse_limit("500/day", "--quota");
  REQUIRE(day.ok());
  CHECK(day->count == 500);
  CHECK(day->window_ms == kDay);
  CHECK(day->origin == "--quota");
  CHECK(day->text() == "500/day");
  CHECK(cortex::parse_limit("1/second", "")->window_ms == 1000);
  CHECK(cortex::parse_limit("4/Minute", "")->text() == "4/minute");
  CHECK(cortex::parse_limit("4/hour", "")->window_ms == kDay / 24);
  CHECK(cortex::parse_limit("1000000000/month", "")->window_ms == 30 * kDay);
  const auto none = cortex::parse_limit("none", "--quota");
  REQUIRE(none.ok());
  CHECK_FALSE(none->exists());
  CHECK(none->text() == "none");
  CHECK(none->origin == "--quota");
}

TEST_CASE("what is not a limit is a mistake of the user, shown in one printable line") {
  for (const char* bad : {"", "500", "/day", "500/", "0/day", "1000000001/day", "-1/day", "1.5/day",
                          " 5/day", "5/week", "18446744073709551617/day", "None"}) {
    INFO(bad);
    const auto limit = cortex::parse_limit(bad, "");
    CHECK(limit.status().code() == ExitCode::usage);
    CHECK(limit.status().message() == '"' + std::string(bad) + "\" is not a quota");
    CHECK_FALSE(limit.status().hint().empty());
  }
  const Status hostile = cortex::parse_limit("1/\x1b[2J\n" + std::string(500, 'x'), "").status();
  CHECK(hostile.message().find_first_of("\x1b\n") == std::string::npos);
  CHECK(hostile.message().size() < 100);
}

TEST_CASE("a rule for an analyzer is shown whole when it is wrong") {
  CHECK(cortex::parse_limit_rule("A=1/week", "").status().message() ==
        "\"A=1/week\" is not a quota");
  const auto rule = cortex::parse_limit_rule("A=4/minute", "--quota");
  REQUIRE(rule.ok());
  CHECK(rule->analyzer == "A");
  CHECK(rule->limit.origin == "--quota");
}

TEST_CASE("of several rules for an analyzer the last counts") {
  const std::vector<cortex::LimitRule> rules = {{"A", {1, kDay, "Day", "first"}},
                                                {"B", {9, kDay, "Day", "other"}},
                                                {"a_1_0", {2, kDay, "Day", "last"}}};
  CHECK(cortex::limit_of(named("A_1_0"), rules).origin == "last");
  CHECK(cortex::limit_of(named("C_1_0"), rules).origin.empty());
}
