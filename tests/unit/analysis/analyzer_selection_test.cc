// SPDX-License-Identifier: Apache-2.0
// Selection of analyzers, and values that are sent to none.
#include "analysis/analyzer_selection.h"

#include <catch2/catch.hpp>

#include "analysis/exclusions.h"

namespace socbridge::analysis {
namespace {

Analyzer make(const char* name, std::vector<std::string> types) {
  Analyzer out;
  out.id = std::string("id-") + name;
  out.name = name;
  out.data_types = std::move(types);
  return out;
}

const std::vector<Analyzer> kAll = {make("AbuseIPDB_2_0", {"ip"}),
                                    make("MaxMind_GeoIP_4_0", {"ip"}),
                                    make("URLhaus_2_0", {"url", "domain"})};

thehive::ObservableInfo observable(const char* type, const char* data, int tlp = 2) {
  thehive::ObservableInfo out;
  out.data_type = type;
  out.data = data;
  out.tlp = tlp;
  return out;
}

}  // namespace

TEST_CASE("analyzers that accept a type") {
  thehive::ObservableInfo one;
  one.data_type = "ip";
  one.data = "203.0.113.7";
  CHECK(matching_analyzers(kAll, one) == "AbuseIPDB_2_0, MaxMind_GeoIP_4_0");
  one.data = "203.0.113.0/24";
  CHECK(matching_analyzers(kAll, one) == "AbuseIPDB_2_0");
  CHECK(kind_of(one) == "a network");
  one.data_type = "mail";
  CHECK(matching_analyzers(kAll, one) == "no analyzer");
}

TEST_CASE("TLP above the limit and private addresses are not sent") {
  Limits limits;
  CHECK(why_not(observable("ip", "203.0.113.7"), limits).empty());
  CHECK(why_not(observable("ip", "203.0.113.7", 3), limits) == "TLP amber+strict is above amber");
  limits.five_levels = false;
  CHECK(why_not(observable("ip", "203.0.113.7", 3), limits) == "TLP red is above amber");
  for (const char* address : {"10.1.2.3", "192.168.0.1", "127.0.0.1", "fe80::1", "fd00::1"}) {
    INFO(address);
    CHECK_FALSE(why_not(observable("ip", address), limits).empty());
    Limits all = limits;
    all.private_addresses = true;
    CHECK(why_not(observable("ip", address), all).empty());
  }
  CHECK(why_not(observable("domain", "10.1.2.3"), limits).empty());
}

TEST_CASE("values that are never sent to an analyzer") {
  const auto exclude = Exclusions::make(
      {"198.51.100.0/22", "2001:db8::/33", "203.0.113.9", "*.corp.example", "Secret.Example"});
  REQUIRE(exclude.ok());
  const auto held = [&](const char* type, const char* value) {
    return !exclude->find(type, value).empty();
  };
  CHECK(held("ip", "198.51.103.255"));
  CHECK_FALSE(held("ip", "198.51.104.0"));
  CHECK(held("ip", "2001:db8:7fff::1"));
  CHECK_FALSE(held("ip", "2001:db8:8000::1"));
  CHECK(held("ip", "203.0.113.9"));
  CHECK_FALSE(held("ip", "203.0.113.8"));
  CHECK(held("domain", "WWW.Corp.example"));
  CHECK_FALSE(held("domain", "notcorp.example"));
  CHECK(held("mail", "joe@mail.corp.example"));
  CHECK(held("url", "https://user:pass@www.corp.example:8443/x?q=1"));
  CHECK(held("url", "http://198.51.100.1:80/"));
  CHECK(held("url", "http://[2001:db8::5]:80/"));
  CHECK_FALSE(held("url", "http://example.net/www.corp.example"));
  CHECK(held("domain", "secret.example"));
  CHECK(held("hostname", "SECRET.EXAMPLE"));
  CHECK(Exclusions::make({"198.51.100.0/33"}).status().code() == ExitCode::usage);
  CHECK(Exclusions::make({"198.51.100.0/x"}).status().code() == ExitCode::usage);
}

}  // namespace socbridge::analysis
