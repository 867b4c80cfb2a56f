// SPDX-License-Identifier: Apache-2.0
#include "cortex/refused_levels.h"

#include <catch2/catch.hpp>
#include <cstdint>

#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using cortex::RefusedLevels;

namespace {

constexpr UnixMillis kNow = 1741938001037;
constexpr const char* kTlp = "TLP is higher than allowed.";
constexpr const char* kPap = "PAP is higher than allowed.";

struct Fixture {
  RefusedLevels::Limits limits(UnixMillis now = kNow) { return levels.limits("key", now); }
  void learn(std::string_view error, int tlp, int pap, UnixMillis now = kNow) {
    REQUIRE(levels.learn("key", error, tlp, pap, now).ok());
  }
  std::string file() const { return home.read("q/key.levels"); }
  test::TempDir home;
  RefusedLevels levels{Env::real(), home / "q"};
};

}  // namespace

TEST_CASE("only an analyzer's own refusal of a level counts") {
  CHECK(cortex::is_level_refusal(kTlp));
  CHECK(cortex::is_level_refusal(kPap));
  for (const char* text :
       {"", "TLP", "tlp is higher than allowed", "the TLP is higher", "HTTP 403"}) {
    CHECK_FALSE(cortex::is_level_refusal(text));
  }
}

TEST_CASE("without refusals nothing is known about an analyzer and nothing is written") {
  Fixture fixture;
  fixture.learn("", 3, 3);
  fixture.learn("some error", 3, 3);
  CHECK(fixture.limits().allow(3, 3));
  CHECK(fixture.limits().why_not(3, 3).empty());
  CHECK_FALSE(fixture.home.has("q"));
}

TEST_CASE("a refusal applies at once, to its level and above, of its kind only") {
  Fixture fixture;
  fixture.learn(kTlp, 3, 2);
  const auto limits = fixture.limits();
  CHECK(limits.max_tlp == 2);
  CHECK(limits.max_pap == -1);
  CHECK(limits.allow(2, 3));
  CHECK_FALSE(limits.allow(3, 0));
  CHECK(limits.why_not(3, 3) == "TLP 3 was refused as higher than allowed");
  CHECK(limits.why_not(2, 3).empty());
  fixture.learn(kPap, 1, 1);
  CHECK(fixture.limits().why_not(2, 1) == "PAP 1 was refused as higher than allowed");
  CHECK(fixture.limits().why_not(3, 3).starts_with("TLP 3"));
  CHECK(fixture.file() ==
        std::to_string(kNow) + " tlp 3 refused\n" + std::to_string(kNow) + " pap 1 refused\n");
}

TEST_CASE("the lowest refusal applies, and a redundant one is not written") {
  Fixture fixture;
  fixture.learn(kTlp, 3, 0);
  fixture.learn(kTlp, 2, 0);
  CHECK(fixture.limits().max_tlp == 1);
  const std::string before = fixture.file();
  fixture.learn(kTlp, 3, 0);
  fixture.learn(kTlp, 2, 0);
  CHECK(fixture.file() == before);
}

TEST_CASE("level 0 cannot be refused, an unknown level is ignored") {
  Fixture fixture;
  fixture.learn(kTlp, 0, 0);
  fixture.learn(kPap, 0, 0);
  fixture.learn(kTlp, -1, -1);
  CHECK_FALSE(fixture.home.has("q"));
  fixture.learn(kTlp, 1, -1);
  CHECK(fixture.limits().max_tlp == 0);
  fixture.learn("", -1, -1);
  CHECK(fixture.limits().max_tlp == 0);
}

TEST_CASE("any other end of a job shows that its levels are let through") {
  Fixture fixture;
  fixture.learn(kTlp, 2, 0);
  fixture.learn(kPap, 0, 2);
  fixture.learn("HTTP 500", 1, 1);
  CHECK(fixture.limits().max_tlp == 1);
  fixture.learn("", 2, 2);
  CHECK(fixture.limits().allow(3, 3));
}

TEST_CASE("a refusal is valid for a day, except one written by a wrong clock") {
  Fixture fixture;
  fixture.learn(kTlp, 2, 0);
  constexpr std::int64_t kDay = RefusedLevels::kCountsMs;
  CHECK(fixture.limits(kNow + kDay - 1).max_tlp == 1);
  CHECK(fixture.limits(kNow + kDay).max_tlp == -1);
  CHECK(fixture.limits(kNow - kDay).max_tlp == 1);
  CHECK(fixture.limits(kNow - kDay - 1).max_tlp == -1);
}

TEST_CASE("unknown and truncated lines are ignored") {
  Fixture fixture;
  const std::string now = std::to_string(kNow);
  for (const std::string& line :
       {std::string(), now, now + " tlp 2", now + " tlp 2 refused x", now + " xyz 2 refused",
        now + " tlp 2 refus", now + " tlp 4 refused", now + " tlp -1 refused",
        now + " tlp x refused", std::string("x tlp 2 refused"), "-" + now + " tlp 2 refused",
        std::string("99999999999999999999 tlp 2 refused"),
        std::string("9223372036854775808 tlp 2 refused"), std::string("\xff\0", 2)}) {
    fixture.home.write("q/key.levels", line + "\n");
    CAPTURE(line);
    CHECK(fixture.limits().allow(3, 3));
  }
  fixture.home.write("q/key.levels", "rubbish\n" + now + " pap 3 refused");
  CHECK(fixture.limits().max_pap == 2);
  fixture.home.write("q/key.levels", now + " tlp 2 refused\n" + std::string(1 << 20, 'x'));
  CHECK(fixture.limits().allow(3, 3));
}

TEST_CASE("a failed write is an error, at every step") {
  int errors = 0;
  for (int at = 1; at <= 12; ++at) {
    FaultEnv env;
    RefusedLevels levels(env, "/q");
    env.fail_at = at;
    const Status recorded = levels.learn("key", kTlp, 2, 0, kNow);
    env.fail_at = 0;
    CAPTURE(at, recorded.line());
    CHECK((levels.limits("key", kNow).max_tlp == 1) == recorded.ok());
    errors += recorded.ok() ? 0 : 1;
  }
  CHECK(errors >= 2);
}
