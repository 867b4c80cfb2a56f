// SPDX-License-Identifier: Apache-2.0
// Values read from OpenCTI's answers.
#include "stream/lookup/lookup_match.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {
namespace {

constexpr UnixMillis kNow = 1795000000000;

opencti::Indicator known(const std::string& pattern) {
  opencti::Indicator out;
  out.id = "00000000-0000-4000-9000-000000000001";
  out.standard_id = "indicator--1";
  out.name = "One";
  out.pattern = pattern;
  out.pattern_type = "stix";
  out.updated_at = "2026-11-01T10:00:00.000Z";
  out.valid_until = "2099-01-01T00:00:00.000Z";
  out.score = 80;
  out.references = {{"mitre-attack", "https://attack.mitre.org/x", "T1110"},
                    {"blog", "ftp://x", "1"}};
  return out;
}

const MatchKey kAddress{"ip", "198.51.100.7"};
const char* const kPattern = "[ipv4-addr:value = '198.51.100.7']";

std::vector<StreamMatch> match(const opencti::Indicator& indicator, const MatchRules& rules = {}) {
  return lookup_matches(indicator, kAddress, {7, 8}, rules, kNow);
}

}  // namespace

TEST_CASE("An answer is reported as the event of its last change") {
  const auto found = match(known(kPattern));
  REQUIRE(found.size() == 1);
  CHECK(found[0].active());
  CHECK(found[0].event == opencti::EventId{1793527200000, 0});
  CHECK(found[0].observables == std::vector<std::uint64_t>{7, 8});
  CHECK(found[0].techniques == std::vector<std::string>{"T1110"});
  CHECK(found[0].references == std::vector<std::string>{"https://attack.mitre.org/x"});
  CHECK_FALSE(found[0].partial);
  const auto again = StreamMatch::read(found[0].json());
  REQUIRE(again.ok());
  CHECK(again->json() == found[0].json());
}

TEST_CASE("The pattern decides what an answer is about") {
  CHECK(match(known("[ipv4-addr:value != '198.51.100.7']")).empty());
  CHECK(match(known("[domain-name:value = '198.51.100.7']")).empty());
  CHECK(match(known("[ipv4-addr:value = '198.51.100")).empty());
  auto yara = known(kPattern);
  yara.pattern_type = "yara";
  CHECK(match(yara).empty());
  const std::string both = "[ipv4-addr:value = '198.51.100.7' AND url:value = 'http://x']";
  REQUIRE(match(known(both)).size() == 1);
  CHECK(match(known(both))[0].partial);
  CHECK_FALSE(match(known(both + " OR [ipv4-addr:value = '198.51.100.7']"))[0].partial);
}

TEST_CASE("A network names the addresses in it, unless it is too wide") {
  REQUIRE(match(known("[ipv4-addr:value = '198.51.100.0/24']")).size() == 1);
  CHECK(match(known("[ipv4-addr:value = '198.51.100.0/24']"))[0].key.value == "198.51.100.0/24");
  CHECK(match(known("[ipv4-addr:value = '198.51.101.0/24']")).empty());
  CHECK(match(known("[ipv4-addr:value = '198.0.0.0/8']")).empty());
}

TEST_CASE("Our own user alone does not make an object ours") {
  auto one = known(kPattern);
  MatchRules rules;
  rules.own_identity = "user-us";
  one.creator_ids = {"user-us"};
  CHECK(match(one, rules).size() == 1);
  one.references.push_back({"TheHive", "http://hive/cases/~1/details", "TheHive case ~1"});
  CHECK(match(one, rules).empty());
  one.references.back().external_id = "another thing";
  CHECK(match(one, rules).size() == 1);
}

TEST_CASE("Ended, own and low-score objects are not reported") {
  auto one = known(kPattern);
  one.revoked = true;
  CHECK(match(one).empty());
  one = known(kPattern);
  one.valid_until = "2026-01-01T00:00:00.000Z";
  CHECK(match(one).empty());
  one = known(kPattern);
  MatchRules rules;
  rules.min_score = 81;
  CHECK(match(one, rules).empty());
  one.score.reset();  // as in events: no score is not a low score
  CHECK(match(one, rules).size() == 1);
  rules = {};
  rules.own_authors = {"identity--us", "user-us"};
  one.author_ids = {"uuid", "identity--us"};
  CHECK(match(one, rules).empty());
  one.author_ids = {};
  one.creator_ids = {"user-us"};
  CHECK(match(one, rules).empty());
  one.creator_ids = {"user-us", "another"};  // an object with several creators is a change
  CHECK(match(one, rules).size() == 1);
}

}  // namespace socbridge::stream
