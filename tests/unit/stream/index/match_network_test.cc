// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_network.h"

#include <catch2/catch.hpp>

using namespace socbridge::stream;

TEST_CASE("addresses and networks in one spelling") {
  CHECK(ip_value("198.51.100.7") == "198.51.100.7");
  CHECK(ip_value("2001:DB8:0:0:0:0:0:1") == "2001:db8::1");
  CHECK(ip_value("198.51.100.7/24") == "198.51.100.0/24");
  CHECK(ip_value("198.51.100.7/32") == "198.51.100.7");
  CHECK(ip_value("2001:db8:1::7/32") == "2001:db8::/32");
  CHECK(ip_value("2001:db8::7/128") == "2001:db8::7");
  for (const char* wrong : {"", "x", "198.51.100.0/33", "198.51.100.0/", "/24", "2001:db8::/129"}) {
    CAPTURE(wrong);
    CHECK(ip_value(wrong).empty());
  }
}

TEST_CASE("the network of a key, and the one around an address") {
  const auto v4 = network_of({"ip", "198.51.100.0/24"});
  REQUIRE(v4);
  CHECK(v4->bits == 24);
  CHECK_FALSE(v4->v6);
  CHECK_FALSE(network_of({"ip", "198.51.100.7"}));
  CHECK_FALSE(network_of({"url", "http://a.example/24"}));
  CHECK(network_around({"ip", "198.51.100.77"}, *v4) == MatchKey{"ip", "198.51.100.0/24"});
  CHECK_FALSE(network_around({"ip", "2001:db8::1"}, *v4));
  CHECK_FALSE(network_around({"name", "a.example"}, *v4));
  const auto v6 = network_of({"ip", "2001:db8::/33"});
  REQUIRE(v6);
  CHECK(network_around({"ip", "2001:db8:8000::1"}, *v6) == MatchKey{"ip", "2001:db8:8000::/33"});
}

TEST_CASE("all addresses of a small network, none of a large one") {
  const auto four = addresses_of({"ip", "198.51.100.252/30"}, 4);
  REQUIRE(four.size() == 4);
  CHECK(four.front() == MatchKey{"ip", "198.51.100.252"});
  CHECK(four.back() == MatchKey{"ip", "198.51.100.255"});
  CHECK(addresses_of({"ip", "198.51.100.252/30"}, 3).empty());
  CHECK(addresses_of({"ip", "0.0.0.0/0"}, 1000).empty());
  CHECK(addresses_of({"ip", "2001:db8::/64"}, 1000).empty());
  CHECK(addresses_of({"ip", "2001:db8::fffe/127"}, 4).size() == 2);
}
