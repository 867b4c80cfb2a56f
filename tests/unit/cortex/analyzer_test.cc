// SPDX-License-Identifier: Apache-2.0
#include "cortex/analyzer.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::cortex;

namespace {

Analyzer read(std::string_view text) {
  const auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return read_analyzer(document->root());
}

}  // namespace

TEST_CASE("an analyzer of Cortex, without its configuration") {
  const Analyzer a =
      read(R"({"_id":"x1","name":"AbuseIPDB_2_0","workerDefinitionId":"AbuseIPDB_2_0",
    "version":"2.0","dataTypeList":["ip"],"rate":"100","rateUnit":"Day","jobCache":10,"maxTlp":2,
    "maxPap":9,"configuration":{"key":"hunter2"}})");
  CHECK(a.id == "x1");
  CHECK(a.base() == "AbuseIPDB");
  CHECK(a.rate == 100);
  CHECK(a.cache_min == 10);
  CHECK(a.max_tlp == 2);
  CHECK(a.max_pap == -1);  // out of range: not known
  CHECK(a.json.find("hunter2") == std::string::npos);
  CHECK(a.json.find("dataTypeList") != std::string::npos);
}

TEST_CASE("a rate without a known unit is not a limit") {
  CHECK(read(R"({"id":"a","name":"n","rate":5})").rate == 0);
  CHECK(read(R"({"id":"a","name":"n","rate":5,"rateUnit":"Fortnight"})").rate == 0);
  CHECK(read(R"({"id":"a","name":"n","rate":-5,"rateUnit":"Day"})").rate == 0);
  CHECK(rate_unit_ms("Second") == 1000);
  CHECK(rate_unit_ms("hour") == 3600000);
  CHECK(rate_unit_ms("Month") == 30 * rate_unit_ms("day"));
  CHECK(rate_unit_ms("") == 0);
}

TEST_CASE("names are taken with and without the version, in any case") {
  const Analyzer a =
      read(R"({"id":"x1","name":"Ours","analyzerDefinitionId":"VirusTotal_GetReport_3_1"})");
  CHECK(a.base() == "VirusTotal_GetReport");
  for (const char* name : {"ours", "VirusTotal_GetReport_3_1", "virustotal_getreport", "x1"}) {
    CHECK(a.is_called(name));
  }
  for (const char* name : {"VirusTotal", "X1", "", "GetReport"}) CHECK_FALSE(a.is_called(name));
  CHECK(read(R"({"id":"a","name":"1_2_3"})").base() == "1");  // a name is never used up
}

TEST_CASE("networks are sent only to analyzers that accept networks") {
  const Analyzer single = read(R"({"id":"a","name":"MaxMind_GeoIP_4_0","dataTypeList":["ip"]})");
  CHECK(single.takes("ip", "198.51.100.7"));
  CHECK_FALSE(single.takes("ip", "198.51.100.0/24"));
  CHECK_FALSE(single.takes("domain", "a.example"));
  CHECK(read(R"({"id":"a","name":"AbuseIPDB_2_0","dataTypeList":["ip"]})")
            .takes("ip", "198.51.100.0/24"));
  CHECK(read(R"({"id":"a","name":"N","description":"takes CIDR","dataTypeList":["ip"]})")
            .takes("ip", "198.51.100.0/24"));
  CHECK(read(R"({"id":"a","name":"N","dataTypeList":["url"]})").takes("url", "http://a.example/b"));
}

TEST_CASE("list items without an id or name are skipped") {
  const auto document =
      json::Document::parse(R"([{"id":"a","name":"n"},{"name":"n"},{"id":"b"},7,null])");
  REQUIRE(document.ok());
  CHECK(read_analyzers(document->root()).size() == 1);
}
