// SPDX-License-Identifier: Apache-2.0
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {
Mapped good(const wazuh::Alert& alert) {
  Mapped m = map(alert, {}, kNow, true);
  REQUIRE(m.forwarded);
  for (const auto version : {thehive::ApiVersion::v4, thehive::ApiVersion::v5}) {
    CHECK(broken_limit(thehive::create_body(m.alert, version), version).empty());
  }
  return m;
}
}  // namespace

TEST_CASE("hostile: data may be of any type") {
  for (const char* data :
       {"null", "5", "true", R"("198.51.100.4")", R"(["198.51.100.4"])", "[]", "{}", "[[[]]]"}) {
    INFO(data);
    CHECK(good(with_data(data)).alert.observables.empty());
  }
}

TEST_CASE("hostile: wrong types at known paths") {
  const Mapped m = good(with_data(
      R"({"srcip":{"a":1},"dstip":["198.51.100.4",["198.51.100.5"],{"x":1},null],"url":{"original":"http://x/"},"md5":0,"win":[],"aws":"x","http":5})"));
  CHECK(has(m, "ip", "198.51.100.4"));
  CHECK(has(m, "ip", "198.51.100.5"));
}

TEST_CASE("hostile: the first of duplicated names wins") {
  const Mapped m = good(with_data(R"({"srcip":"198.51.100.4","srcip":"203.0.113.6"})"));
  CHECK(has(m, "ip", "198.51.100.4"));
  CHECK_FALSE(has(m, "ip", "203.0.113.6"));
}

TEST_CASE("a second alert inside data is not an alert, but its addresses are found") {
  const Mapped m =
      good(with_data(R"({"nested":{"rule":{"level":"16"},"data":{"srcip":"203.0.113.6"}}})"));
  CHECK(m.alert.severity == 2);
  CHECK(m.alert.observables.size() == 1);
  CHECK(has(m, "ip", "203.0.113.6"));
}

TEST_CASE("hostile: a thousand addresses") {
  std::string ips;
  for (int i = 0; i < 1000; ++i) {
    ips += (i == 0 ? "\"" : ",\"") + std::string("198.51.") + std::to_string(i / 250) + "." +
           std::to_string(i % 250) + "\"";
  }
  CHECK(good(with_data("{\"srcip\":[" + ips + "]}")).alert.observables.size() == 100);
}

TEST_CASE("hostile: deep nesting at a known path") {
  std::string deep = "\"198.51.100.4\"";
  for (int i = 0; i < 300; ++i) deep = i % 2 == 0 ? "[" + deep + "]" : "{\"http\":" + deep + "}";
  good(with_data("{\"srcip\":" + deep + ",\"http\":" + deep + "}"));
}

TEST_CASE("hostile: very long texts everywhere") {
  const std::string text(20000, 'x');
  std::string groups;
  for (int i = 0; i < 300; ++i)
    groups += (i == 0 ? "\"g" : ",\"g") + std::to_string(i) + text.substr(0, 200) + "\"";
  good(parse(R"({"id":")" + text + R"(","rule":{"level":10,"id":")" + text +
             R"(","description":")" + text + R"(","groups":[)" + groups +
             R"(]},"agent":{"name":")" + text + R"("},"manager":{"name":")" + text +
             R"("},"location":")" + text + R"(","full_log":")" + text +
             R"(","data":{"url":"http://example.org/)" + text + R"(","srcuser":")" + text +
             R"(","file":")" + text + R"("}})"));
}

TEST_CASE("invalid UTF-8, control characters and surrogates") {
  good(
      with_data("{\"srcuser\":\"m\xFCller\",\"file\":\"a\\u0000b\\u202Ec\",\"url\":\"/"
                "\\ud800\",\"user_agent\":\"\\u001b[2J\"}"));
}

TEST_CASE("characters of four bytes are counted as two units") {
  std::string title;
  for (int i = 0; i < 400; ++i) title += "\xF0\x9F\x98\x80";
  good(parse(R"({"rule":{"level":10,"id":"1","groups":[")" + title + R"("],"description":")" +
             title + "\"}}"));
}

TEST_CASE("hostile: scalars where objects belong") {
  for (
      const char* text :
      {R"({"rule":{"level":10,"id":5,"groups":"a,b","mitre":"x"},"agent":"a","manager":7,"data":1})",
       R"({"rule":{"level":"10","groups":{"a":1},"mitre":{"id":"T1110","tactic":5}},"agent":[],"id":[]})",
       R"({"rule":{"level":10},"syscheck":"x","predecoder":[],"timestamp":5,"full_log":{}})"}) {
    INFO(text);
    good(parse(text));
  }
}
