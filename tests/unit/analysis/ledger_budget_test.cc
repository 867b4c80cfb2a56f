// SPDX-License-Identifier: Apache-2.0
// Quotas of analyses through TheHive, in the ledger of direct ones.
#include "analysis/ledger_budget.h"

#include "fixture.h"

namespace socbridge::analysis {
namespace {

std::vector<cortex::LimitRule> rules(const char* text) {
  auto rule = cortex::parse_limit_rule(text, "test");
  REQUIRE(rule.ok());
  return {std::move(*rule)};
}

constexpr const char* kName = "AbuseIPDB_2_0";

}  // namespace

TEST_CASE("a limit applies across processes, and unused quota is returned") {
  const Folder folder;
  cortex::Ledger ledger(Env::real(), folder / "quota");
  cortex::RefusedLevels levels(Env::real(), folder / "quota");
  LedgerBudget one(ledger, levels, "http://cortex", rules("AbuseIPDB=2/day"), {});
  LedgerBudget two(ledger, levels, "http://cortex/", rules("AbuseIPDB=2/day"), {});
  CHECK(one.reserve(kName)->granted);
  CHECK(two.reserve(kName)->granted);
  const auto third = one.reserve(kName);
  REQUIRE(third.ok());
  CHECK_FALSE(third->granted);
  CHECK(third->retry_at_ms > wall_now_ms() + 86000000);
  CHECK(third->why.find("the quota of 2/day is used up until 2") == 0);
  two.give_back(kName);
  CHECK(one.reserve(kName)->granted);
  CHECK_FALSE(two.reserve(kName)->granted);
  CHECK(one.reserve("MaxMind_GeoIP_4_0")->granted);  // without a limit
}

TEST_CASE("jobs of other clients count, and Cortex's own rate is the limit") {
  const Folder folder;
  cortex::Ledger ledger(Env::real(), folder / "quota");
  cortex::RefusedLevels levels(Env::real(), folder / "quota");
  LedgerBudget::Known known;
  known.analyzer.name = known.analyzer.definition = kName;
  known.analyzer.rate = 3;
  known.analyzer.rate_unit = "Day";
  known.used_elsewhere = 2;
  LedgerBudget budget(ledger, levels, "http://cortex", {}, {known});
  CHECK(budget.reserve(kName)->granted);
  CHECK_FALSE(budget.reserve(kName)->granted);
}

TEST_CASE("a refused TLP is stored for the next job, until one is accepted") {
  const Folder folder;
  cortex::Ledger ledger(Env::real(), folder / "quota");
  cortex::RefusedLevels levels(Env::real(), folder / "quota");
  LedgerBudget budget(ledger, levels, "http://cortex", {}, {});
  CHECK(budget.why_barred(kName, 3, 2).empty());
  budget.learn(kName, "TLP is higher than allowed.", 3, -1);
  CHECK(budget.why_barred(kName, 3, 2) == "TLP 3 was refused as higher than allowed");
  CHECK(budget.why_barred(kName, 2, 3).empty());
  CHECK(budget.why_barred("MaxMind_GeoIP_4_0", 3, 3).empty());
  budget.learn(kName, "PAP is higher than allowed.", 2, 3);
  CHECK(budget.why_barred(kName, 2, 3) == "PAP 3 was refused as higher than allowed");
  LedgerBudget other(ledger, levels, "http://cortex", {}, {});
  other.learn(kName, "Unknown IP address", 3, 2);
  CHECK(budget.why_barred(kName, 3, 2).empty());
  CHECK_FALSE(budget.why_barred(kName, 3, 3).empty());
}

}  // namespace socbridge::analysis
