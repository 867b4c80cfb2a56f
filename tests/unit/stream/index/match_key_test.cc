// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_key.h"
#include "stream/index/match_network.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "opencti/stix/pattern.h"

using namespace socbridge;
using stream::key_of;
using stream::MatchKey;

namespace {

std::string text(std::string_view type, std::string_view data) {
  const auto key = key_of(type, data);
  return key ? key->text() : "none";
}

std::vector<std::string> of_pattern(std::string_view pattern) {
  std::vector<std::string> out;
  const auto parsed = opencti::parse_pattern(pattern);
  REQUIRE(parsed.ok());
  for (const auto& comparison : parsed->comparisons) {
    for (const MatchKey& key : stream::keys_of(comparison)) out.push_back(key.text());
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Data types that mean the same meet in one kind") {
  CHECK(text("domain", "Evil.Example.") == "name evil.example");
  CHECK(text("fqdn", "evil.example") == "name evil.example");
  CHECK(text("hostname", "WS-7") == "name ws-7");
  CHECK(text("domain",
             "b\xC3\xBC"
             "cher.example") == "name xn--bcher-kva.example");
  CHECK(text("ip", "2001:0DB8:0::1") == "ip 2001:db8::1");
  CHECK(text("ip", "::ffff:198.51.100.7") == "ip 198.51.100.7");
  CHECK(text("ip", "198.51.100.77/24") == "ip 198.51.100.0/24");
  CHECK(text("ip", "198.51.100.7/32") == "ip 198.51.100.7");
  CHECK(text("hash", "9F86D081884C7D659A2FEAA0C55AD015") ==
        "hash 9f86d081884c7d659a2feaa0c55ad015");
  CHECK(text("mail", "A@Evil.Example") == "mail a@evil.example");
  CHECK(text("url", "hxxp://EVIL[.]example/Path") == "url http://evil.example/Path");
  CHECK(text("registry", "HKLM\\Software\\X\\") == "regkey hkey_local_machine\\software\\x");
  CHECK(text("autonomous-system", "AS64500") == "as 64500");
  CHECK(text("user-agent", " Curl/8 ") == "user-agent Curl/8");
  CHECK(text("other", "x") == "none");
  CHECK(text("ip", "no address") == "none");
  CHECK(text("ip", "198.51.100.7/33") == "none");
  CHECK(text("hash", "abc") == "none");
}

TEST_CASE("Patterns give the same keys") {
  CHECK(of_pattern("[domain-name:value = 'EVIL.example' OR hostname:value = 'h.example']") ==
        Lines{"name evil.example", "name h.example"});
  CHECK(
      of_pattern(
          "[file:hashes.SHA256 = 'ABC' OR file:hashes.MD5 = '9F86D081884C7D659A2FEAA0C55AD015']") ==
      Lines{"hash 9f86d081884c7d659a2feaa0c55ad015"});
  CHECK(of_pattern("[network-traffic:dst_ref.value = '2001:DB8::1']") == Lines{"ip 2001:db8::1"});
  CHECK(of_pattern(R"([file:name = 'C:\\Users\\X.exe'])") ==
        Lines{"filename x.exe", "filename c:\\users\\x.exe"});
  CHECK(of_pattern("[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]").size() == 2);
  CHECK(of_pattern("[ipv4-addr:value ISSUBSET '192.0.2.0/24']") == Lines{"ip 192.0.2.0/24"});
  CHECK(of_pattern("[ipv4-addr:value != '192.0.2.1']").empty());
  CHECK(of_pattern("[ipv4-addr:value NOT IN ('192.0.2.1')]").empty());
  CHECK(of_pattern("[domain-name:value LIKE '%.example']").empty());
  CHECK(of_pattern("[mutex:name = 'x']").empty());
}

TEST_CASE("Observables of OpenCTI give the same keys") {
  const auto file = json::Document::parse(
      R"({"type":"file","name":"X.exe","hashes":{"MD5":"9F86D081884C7D659A2FEAA0C55AD015"}})");
  const auto keys = stream::keys_of_observable(file->root());
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].text() == "filename x.exe");
  CHECK(keys[1].text() == "hash 9f86d081884c7d659a2feaa0c55ad015");
}

TEST_CASE("match key: Networks") {
  const auto net = *key_of("ip", "192.0.2.8/30");
  CHECK(stream::network_of(net)->bits == 30);
  const auto addresses = stream::addresses_of(net, 100);
  REQUIRE(addresses.size() == 4);
  CHECK(addresses.front().value == "192.0.2.8");
  CHECK(addresses.back().value == "192.0.2.11");
  CHECK(stream::addresses_of(*key_of("ip", "10.0.0.0/8"), 4096).empty());
  CHECK(stream::addresses_of(*key_of("ip", "255.255.255.254/31"), 10).size() == 2);
  CHECK(stream::addresses_of(*key_of("ip", "2001:db8::fe/127"), 10).back().value == "2001:db8::ff");
  CHECK(stream::network_around(*key_of("ip", "192.0.2.9"), {false, 30})->value == "192.0.2.8/30");
  CHECK_FALSE(stream::network_around(*key_of("ip", "2001:db8::1"), {false, 30}));
}

TEST_CASE("Accounts match with and without their domain, by every name of the type") {
  const std::string plain = text("username", "a.meyer");
  CHECK(plain != "none");
  CHECK(text("user", "A.Meyer") == plain);
  const Lines seen = of_pattern("[user-account:account_login = 'LAB\\\\a.meyer']");
  CHECK(std::find(seen.begin(), seen.end(), plain) != seen.end());
  CHECK(std::find(seen.begin(), seen.end(), text("username", "LAB\\a.meyer")) != seen.end());
  CHECK(of_pattern("[user-account:account_login = 'a.meyer']") == Lines{plain});
}
