// SPDX-License-Identifier: Apache-2.0
#include "test_support.h"

using namespace socbridge::wazuh;
using socbridge::wazuh::test::parsed;

namespace {

std::string ref_of(std::string_view json, std::string_view alias = {}) {
  const std::string out = source_ref(parsed(json), alias);
  CHECK(out.size() <= 64);
  CHECK(out.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-") ==
        std::string::npos);
  return out;
}

std::string without_id(const std::string& data) {
  return ref_of(
      R"({"timestamp":"2025-03-14T07:40:01.037+0100","rule":{"id":"1"},"agent":{"id":"001"},)"
      R"("location":"l","data":)" +
      data + "}");
}

constexpr const char* kStandalone = R"({"id":"1741938001.1201","manager":{"name":"wazuh-a"}})";

}  // namespace

// The digits are SHA-256 by another implementation (Python's hashlib) over the text of
// docs/protocols/wazuh.md, "Identity of an alert".
TEST_CASE("source_ref: digits") {
  CHECK(ref_of(kStandalone) == "1741938001.1201-cc82c2217bc68b84");
  CHECK(
      ref_of(
          R"({"id":"1741938001.1201","manager":{"name":"wazuh-a"},"cluster":{"name":"c","node":"node01"}})") ==
      "1741938001.1201-9b95f13195a40588");
  CHECK(
      ref_of(
          R"({"id":"1741938001.1201","manager":{"name":"wazuh-a"},"cluster":{"name":"c","node":"node02"}})") ==
      "1741938001.1201-2bf571ed9efc526f");
}

TEST_CASE("source_ref: an alias replaces manager and node") {
  CHECK(ref_of(kStandalone, "hq") == "1741938001.1201-9055195ffd909ab3");
  CHECK(ref_of(R"({"id":"1741938001.1201","manager":{"name":"renamed"},"cluster":{"node":"n"}})",
               "hq") == "1741938001.1201-9055195ffd909ab3");
}

TEST_CASE("source_ref: the same from integratord, alerts.json and the indexer") {
  const std::string direct =
      ref_of(R"({"id":"1.2","manager":{"name":"m"},"full_log":"a","data":{"n":"1.000000"}})");
  CHECK(ref_of(R"({ "data":{"n":1}, "full_log":"cut...", "manager":{"name":"m"}, "id":"1.2" })") ==
        direct);
  CHECK(
      ref_of(
          R"({"_index":"i","_id":"random","_source":{"@timestamp":"x","id":"1.2","manager":{"name":"m"},
    "GeoLocation":{"country_name":"x"},"input":{"type":"log"}}})") == direct);
}

TEST_CASE("source_ref: invalid ids are cleaned and truncated, and stay different") {
  CHECK(ref_of(R"({"id":"1741938001.1201/../x y","manager":{"name":"m"}})") ==
        "1741938001.1201..xy-4e29dd71642b332d");
  const std::string nines(300, '9');
  CHECK(ref_of(R"({"id":")" + nines + R"(","manager":{"name":"m"}})") ==
        std::string(47, '9') + "-01e5390944f82292");
  CHECK(ref_of(R"({"id":")" + nines + R"(8","manager":{"name":"m"}})") !=
        ref_of(R"({"id":")" + nines + R"(","manager":{"name":"m"}})"));
}

TEST_CASE("source_ref: Wazuh 5 by index and document") {
  const std::string finding = R"({"_index":".ds-wazuh-findings-v5-security-000001","_id":"AbC_1-x",
    "_source":{"wazuh":{"rule":{"level":"low"}},"event":{"id":"7"}}})";
  CHECK(ref_of(finding) == "w5-00e97793ddde1c695aa1f121f6731223");
  const std::string bare = ref_of(R"({"wazuh":{"rule":{"level":"low"}},"event":{"id":"7"}})");
  CHECK(bare.starts_with("x-"));
  CHECK(bare != ref_of(R"({"wazuh":{"rule":{"level":"low"}},"event":{"id":"8"}})"));
}

TEST_CASE("source_ref: without an id it is derived from members that reformatting keeps") {
  const std::string base = without_id(R"({"b":"2","a":{"y":"1","x":true}})");
  CHECK(base.starts_with("x-"));
  CHECK(base.size() == 34);
  CHECK(without_id(R"({ "a":{"x":"true","y":1}, "b":2, "b":9 })") == base);
  CHECK(without_id(R"({"b":"2","a":{"y":"1","x":false}})") != base);
  CHECK(without_id(R"({"b":"2","a":["y","x"]})") != without_id(R"({"b":"2","a":["x","y"]})"));
}

TEST_CASE("source_ref: without an id every part counts") {
  const auto with = [](const char* time, const char* rule, const char* agent, const char* more) {
    return ref_of(std::string(R"({"timestamp":")") + time + R"(","rule":{"id":")" + rule +
                  R"("},"agent":{"id":")" + agent + "\"}" + more + "}");
  };
  const std::string base = with("t", "1", "001", R"(,"location":"l")");
  CHECK(with("u", "1", "001", R"(,"location":"l")") != base);
  CHECK(with("t", "2", "001", R"(,"location":"l")") != base);
  CHECK(with("t", "1", "002", R"(,"location":"l")") != base);
  CHECK(with("t", "1", "001", R"(,"location":"m")") != base);
  CHECK(with("t", "1", "001", R"(,"location":"l","syscheck":{"path":"/a"})") != base);
  CHECK(with("t", "1", "001", R"(,"location":"l","full_log":"x","input":{"type":"log"})") == base);
}
