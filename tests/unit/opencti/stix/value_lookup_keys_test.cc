// SPDX-License-Identifier: Apache-2.0
// Where a value is looked for in OpenCTI.
#include <algorithm>
#include <catch2/catch.hpp>

#include "opencti/stix/value.h"

namespace socbridge::opencti {
namespace {

using Texts = std::vector<std::string>;

LookupKeys lookup(const char* type, const char* data) {
  return lookup_keys_of(value_of(type, data));
}

bool holds(const Texts& texts, const char* text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

TEST_CASE("value lookup keys: networks around an address") {
  const LookupKeys v4 = lookup("ip", "198.51.100.7");
  CHECK(v4.networks.size() == 25);
  CHECK(v4.networks.front() == "198.51.100.6/31");
  CHECK(std::find(v4.networks.begin(), v4.networks.end(), "198.51.100.0/24") != v4.networks.end());
  CHECK(std::find(v4.networks.begin(), v4.networks.end(), "198.0.0.0/8") != v4.networks.end());
  const LookupKeys v6 = lookup("ip", "2001:db8::1");
  CHECK(std::find(v6.networks.begin(), v6.networks.end(), "2001:db8::/32") != v6.networks.end());
  CHECK(lookup("ip", "198.51.100.0/24").networks.empty());
}

TEST_CASE("patterns are in OpenCTI's own spelling") {
  CHECK(lookup("ip", "198.51.100.7").patterns == Texts{"[ipv4-addr:value = '198.51.100.7']"});
  CHECK(lookup("fqdn", "H1.evil.example").patterns ==
        Texts{"[domain-name:value = 'h1.evil.example']", "[hostname:value = 'h1.evil.example']"});
  CHECK(lookup("url", "http://evil.example/a?b='c'&d=1").patterns ==
        Texts{R"([url:value = 'http://evil.example/a?b=\'c\'&d=1'])"});
  CHECK(lookup("hash", "098f6bcd4621d373cade4e832627b4f6").patterns ==
        Texts{"[file:hashes.MD5 = '098f6bcd4621d373cade4e832627b4f6']"});
  CHECK(lookup("hash", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3").patterns ==
        Texts{"[file:hashes.'SHA-1' = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3']"});
  CHECK(lookup("filename", R"(C:\Users\o'b\x.exe)").patterns ==
        Texts{R"([file:name = 'C:\\Users\\o\'b\\x.exe'])", "[file:name = 'x.exe']"});
  CHECK(lookup("registry", R"(HKLM\Software\X)").patterns ==
        Texts{R"([windows-registry-key:key = 'HKLM\\Software\\X'])"});
  CHECK(lookup("autonomous-system", "AS64500").patterns ==
        Texts{"[autonomous-system:number = '64500']", "[autonomous-system:number = 64500]"});
}

TEST_CASE("the keys of filters") {
  CHECK(lookup("registry", "HKLM").keys == Texts{"attribute_key"});
  CHECK(lookup("account", "bob").keys == Texts{"account_login", "user_id"});
  CHECK(lookup("hash", "098f6bcd4621d373cade4e832627b4f6").keys == Texts{"hashes.MD5"});
  CHECK(lookup("other", "anything").keys.size() > 3);
  CHECK(lookup("hash", "abc").keys.empty());
  CHECK(lookup("ip", "").keys.empty());
}

TEST_CASE("an IPv6 address is asked for as given too") {
  const Value value = value_of("ip", "2001:0DB8::0001");
  CHECK(value.text == "2001:db8::1");
  CHECK(lookup_keys_of(value).spellings == Texts{"2001:db8::1", "2001:0DB8::0001"});
}

TEST_CASE("a value that may be of two kinds is looked for as both") {
  // Both kinds of lookup keys are used.
  const LookupKeys both = lookup_keys_of(*read_value("invoice.exe"));
  CHECK(both.keys == Texts{"name", "value"});
  CHECK(both.patterns == Texts{"[file:name = 'invoice.exe']", "[domain-name:value = 'invoice.exe']",
                               "[hostname:value = 'invoice.exe']"});
}

TEST_CASE("an address is looked for in networks without the bits behind their size") {
  const LookupKeys v4 = lookup("ip", "203.0.113.255");
  for (const char* network : {"203.0.113.255/32", "203.0.113.254/31", "203.0.113.240/28",
                              "203.0.112.0/22", "203.0.0.0/16"}) {
    CAPTURE(network);
    CHECK(holds(v4.networks, network));
  }
  CHECK_FALSE(holds(v4.networks, "0.0.0.0/0"));
  const LookupKeys v6 = lookup("ip", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
  CHECK(holds(v6.networks, "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/127"));
  CHECK(holds(v6.networks, "2001:db8:ffff:fff0::/60"));
  CHECK(v6.networks.size() == 18);
}

TEST_CASE("patterns of networks are equal ones and those of subsets") {
  LookupKeys keys = lookup("ip", "198.51.100.7");
  keys.networks = {"198.51.100.0/24"};
  CHECK(network_patterns(keys) == Texts{"[ipv4-addr:value = '198.51.100.0/24']",
                                        "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"});
  CHECK(network_patterns(lookup("domain", "evil.example")).empty());
}

TEST_CASE("a value of no certain kind is looked for everywhere, and quoted everywhere") {
  const LookupKeys any = lookup("my-type", "it's");
  CHECK(any.any_path);
  CHECK(any.observable_id.empty());
  CHECK(holds(any.patterns, R"([mutex:name = 'it\'s'])"));
  CHECK(holds(any.patterns, R"([process:command_line = 'it\'s'])"));
  for (const std::string& one : any.patterns) CHECK_THAT(one, Catch::EndsWith(R"('it\'s'])"));
}

TEST_CASE("only what its value alone makes has an id to ask for") {
  CHECK_THAT(lookup("url", "http://a.example/").observable_id, Catch::StartsWith("url--"));
  CHECK_THAT(lookup("ip", "2001:db8::1").observable_id, Catch::StartsWith("ipv6-addr--"));
  CHECK_THAT(lookup("fqdn", "a.example").observable_id, Catch::StartsWith("domain-name--"));
  CHECK_THAT(lookup("filename", "a.exe").observable_id, Catch::StartsWith("file--"));
  CHECK(lookup("hash", "098f6bcd4621d373cade4e832627b4f6").observable_id.empty());
  CHECK(lookup("account", "bob").observable_id.empty());
}

TEST_CASE("a path is looked for by its last part too, unless there is none") {
  CHECK(lookup("filename", "/tmp/a.sh").spellings == Texts{"/tmp/a.sh", "a.sh"});
  CHECK(lookup("filename", "/tmp/").spellings == Texts{"/tmp/"});
  CHECK(lookup("registry", R"(HKLM\X)").spellings == Texts{R"(HKLM\X)"});
}

}  // namespace socbridge::opencti
