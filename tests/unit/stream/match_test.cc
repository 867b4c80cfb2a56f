// SPDX-License-Identifier: Apache-2.0
// Effects of events of the live stream on observables in TheHive.
#include "stream/match.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::stream {
namespace {

constexpr UnixMillis kNow = 1795000000000;
const std::string kPattern = "[ipv4-addr:value = '198.51.100.7']";

std::string indicator(const std::string& pattern, const std::string& more = "") {
  return R"({"type":"indicator","id":"indicator--1","name":"n","pattern_type":"stix","pattern":)" +
         json::quote(pattern) + more + "}";
}

struct Fixture {
  Fixture() : set(1) {
    set.add({"ip", "198.51.100.7"}, 7);
    set.add({"ip", "198.51.100.8"}, 8);
    set.add({"name", "evil.example"}, 9);
  }
  std::vector<StreamMatch> match(const std::string& data, const char* name = "create",
                                 const std::string& members = "") {
    opencti::StreamEvent event;
    const Status read = opencti::read_event(
        {name, R"({"type":")" + std::string(name) + R"(","data":)" + data + members + "}",
         "1795000000000-3", true, false},
        event);
    INFO(read.line());
    REQUIRE(read.ok());
    return match_event(event, set, rules, kNow, counts);
  }
  // "value state", a space between several.
  std::string listed(const std::string& data, const char* name = "create",
                     const std::string& members = "") {
    std::string out;
    for (const StreamMatch& one : match(data, name, members)) {
      out += (out.empty() ? "" : ", ") + one.key.value + " " + one.state;
    }
    return out;
  }
  MatchSet set;
  MatchRules rules;
  MatchCounts counts;
};

}  // namespace

TEST_CASE_METHOD(Fixture,
                 "an indicator for a value of ours is a match with all that is to be reported") {
  const auto found = match(indicator(
      kPattern,
      R"(,"labels":["c2"],"kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"impact"},
         {"kill_chain_name":"other","phase_name":"x"}],
         "external_references":[{"source_name":"mitre-attack","external_id":"T1110","url":"https://a"},
         {"source_name":"blog","external_id":"T1","url":"javascript:x"}])"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].observables == std::vector<std::uint64_t>{7});
  CHECK(found[0].active());
  CHECK(found[0].indicator == "indicator--1");
  CHECK(found[0].event == opencti::EventId{1795000000000, 3});
  CHECK(found[0].labels == std::vector<std::string>{"c2"});
  CHECK(found[0].tactics == std::vector<std::string>{"impact"});
  CHECK(found[0].techniques == std::vector<std::string>{"T1110"});
  CHECK(found[0].references == std::vector<std::string>{"https://a"});
  CHECK_FALSE(found[0].partial);
  CHECK(counts.indicators == 1);
  CHECK(counts.matches == 1);
}

TEST_CASE_METHOD(Fixture,
                 "values that we do not have, and things that are not indicators, are none") {
  CHECK(listed(indicator("[ipv4-addr:value = '203.0.113.1']")).empty());
  CHECK(listed(R"({"type":"malware","id":"malware--1","name":"evil.example"})").empty());
  CHECK(listed("{}").empty());
  CHECK(listed("[]").empty());
  CHECK(counts.indicators == 1);
  CHECK(counts.matches == 0);
}

TEST_CASE_METHOD(Fixture, "a dependency is reported with its main event") {
  CHECK(listed(indicator(kPattern), "create", R"(,"origin":{"referer":"init-dependencies"})")
            .empty());
  CHECK(listed(indicator(kPattern), "create", R"(,"origin":{"referer":"init-create"})") ==
        "198.51.100.7 active");
}

TEST_CASE_METHOD(Fixture, "patterns of other kinds and forms are counted") {
  CHECK(listed(R"({"type":"indicator","id":"i","pattern_type":"yara","pattern":"rule x {}"})")
            .empty());
  CHECK(counts.other_pattern_types == 1);
  CHECK(listed(indicator("[ipv4-addr:value = ")).empty());
  CHECK(listed(R"({"type":"indicator","id":"i","pattern_type":"stix","pattern":7})").empty());
  CHECK(counts.unreadable_patterns == 2);
  CHECK(listed(indicator("[ipv4-addr:value != '198.51.100.7']")).empty());
  CHECK(counts.patterns_not_matched == 1);
  CHECK(listed(indicator("[ipv4-addr:value = '198.51.100.7' OR file:size > 5]")) ==
        "198.51.100.7 active");
  CHECK(counts.conditions_skipped == 1);
}

TEST_CASE_METHOD(Fixture, "one of several conditions is partial; each value is a match, once") {
  const auto both =
      match(indicator("[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'evil.example']"));
  REQUIRE(both.size() == 2);
  CHECK(both[0].partial);
  CHECK(both[1].partial);
  CHECK(listed(indicator("[ipv4-addr:value = '198.51.100.7'] OR [ipv4-addr:value = '198.51.100.7'] "
                         "OR [ipv4-addr:value IN ('198.51.100.8','198.51.100.7')]")) ==
        "198.51.100.7 active, 198.51.100.8 active");
}

TEST_CASE_METHOD(Fixture, "states: revoked, expired, deleted, withdrawn") {
  CHECK(listed(indicator(kPattern, R"(,"revoked":true)")) == "198.51.100.7 revoked");
  CHECK(listed(indicator(kPattern, R"(,"revoked":true)"), "delete") == "198.51.100.7 revoked");
  CHECK(listed(indicator(kPattern, R"(,"valid_until":"2020-01-01T00:00:00.000Z")")) ==
        "198.51.100.7 expired");
  CHECK(listed(indicator(kPattern, R"(,"valid_until":"2099-01-01T00:00:00.000Z")")) ==
        "198.51.100.7 active");
  CHECK(listed(indicator(kPattern), "delete") == "198.51.100.7 deleted");
  // The server names the event `delete` and its type `update` when it left the filter: the first
  // member of that name counts.
  opencti::StreamEvent event;
  REQUIRE(opencti::read_event({"delete", R"({"type":"update","data":)" + indicator(kPattern) + "}",
                               "1-0", true, false},
                              event)
              .ok());
  CHECK(match_event(event, set, rules, kNow, counts).at(0).state == "withdrawn");
}

TEST_CASE_METHOD(Fixture, "an edited pattern withdraws its former values") {
  const auto patch = [](const std::string& old) {
    return R"(,"context":{"reverse_patch":[{"op":"replace","path":"/pattern","value":)" +
           json::quote(old) + R"(},{"path":"/id","value":"indicator--0"},7]})";
  };
  const auto found =
      match(indicator(kPattern), "update", patch("[ipv4-addr:value = '198.51.100.8']"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].key.value == "198.51.100.8");
  CHECK(found[0].state == "edited");
  CHECK(found[0].former == "indicator--0");
  CHECK(found[1].state == "active");
  CHECK(listed(indicator(kPattern), "update", patch(kPattern)) == "198.51.100.7 active");
  CHECK(listed(indicator(kPattern), "update", patch("no pattern")) == "198.51.100.7 active");
  CHECK(listed(indicator("[ipv4-addr:value = '203.0.113.1']"), "update", patch(kPattern)) ==
        "198.51.100.7 edited");
}

TEST_CASE_METHOD(Fixture, "the sources of a merge are reported, only for a merge") {
  const std::string sources =
      R"(,"context":{"sources":[)" + indicator("[ipv4-addr:value = '198.51.100.8']") + ",7,{}]}";
  CHECK(listed(indicator(kPattern), "merge", sources) ==
        "198.51.100.8 merged, 198.51.100.7 active");
  CHECK(listed(indicator(kPattern), "update", sources) == "198.51.100.7 active");
}

TEST_CASE_METHOD(Fixture, "below the minimum score nothing is reported, unless it is withdrawn") {
  rules.min_score = 50;
  const auto scored = [](const std::string& score) {
    return indicator(kPattern, R"(,"extensions":{")" + std::string(opencti::extension::kOpencti) +
                                   R"(":{"score":)" + score + "}}");
  };
  CHECK(listed(scored("49")).empty());
  CHECK(counts.below_score == 1);
  CHECK(counts.matches == 0);
  CHECK(listed(scored("50")) == "198.51.100.7 active");
  CHECK(listed(scored("null")) == "198.51.100.7 active");
  CHECK(listed(scored("10"), "delete") == "198.51.100.7 deleted");
}

TEST_CASE_METHOD(Fixture, "our own objects are skipped") {
  rules.own_authors = {"identity--us"};
  CHECK(listed(indicator(kPattern, R"(,"created_by_ref":"identity--us")")).empty());
  CHECK(counts.own == 1);
  CHECK(listed(indicator(kPattern, R"(,"created_by_ref":"identity--them")")) ==
        "198.51.100.7 active");
  CHECK(counts.matches == 1);
}

TEST_CASE_METHOD(Fixture, "an observable of OpenCTI is a match too") {
  const auto found = match(R"({"type":"ipv4-addr","id":"ipv4-addr--1","value":"198.51.100.7"})");
  REQUIRE(found.size() == 1);
  CHECK(found[0].indicator == "ipv4-addr--1");
  CHECK(found[0].pattern.empty());
  CHECK(counts.observables == 1);
  CHECK(counts.indicators == 0);
}

TEST_CASE_METHOD(Fixture, "a network names the addresses in it, unless it is too wide") {
  CHECK(listed(indicator("[ipv4-addr:value = '198.51.100.0/24']")) == "198.51.100.0/24 active");
  CHECK(listed(indicator("[ipv4-addr:value = '198.0.0.0/8']")).empty());
  CHECK(counts.networks_too_wide == 1);
}

TEST_CASE_METHOD(Fixture, "a long description is truncated, members of wrong types are empty") {
  const auto found = match(indicator(
      kPattern,
      R"(,"description":")" + std::string(9000, 'x') +
          R"(","labels":"x","external_references":{"a":1},"object_marking_refs":[5,null],)"
          R"("kill_chain_phases":[7],"valid_until":5,"extensions":[])"));
  REQUIRE(found.size() == 1);
  CHECK(utf16_length(found[0].description) == StreamMatch::kMostDescription);
  CHECK(found[0].labels.empty());
  CHECK(found[0].references.empty());
  CHECK(found[0].valid_until.empty());
  const auto again = StreamMatch::read(found[0].json());
  REQUIRE(again.ok());
  CHECK(again->json() == found[0].json());
}

}  // namespace socbridge::stream
