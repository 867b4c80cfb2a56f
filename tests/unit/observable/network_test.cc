// SPDX-License-Identifier: Apache-2.0
#include "observable/network.h"

#include <catch2/catch.hpp>

using namespace socbridge::observable;

TEST_CASE("networks of every width") {
  const auto net = [](const char* text) { return Network::parse(text).value(); };
  CHECK(net("0.0.0.0/0").holds("203.0.113.9"));
  CHECK(net("203.0.113.9/32").holds("203.0.113.9"));
  CHECK_FALSE(net("203.0.113.8/32").holds("203.0.113.9"));
  CHECK(net("203.0.113.8/31").holds("203.0.113.9"));
  CHECK(net("2001:db8::/127").holds("2001:db8::1"));
  CHECK_FALSE(net("2001:db8::/128").holds("2001:db8::1"));
  CHECK(net("192.0.2.0/24").holds("::ffff:192.0.2.7"));
  CHECK(net("192.0.2.0/24").holds("192.0.2.7:443"));
  for (const char* bad :
       {"", "/8", "10.0.0.0/", "10.0.0.0/-1", "a/8", "10.0.0.0/8/8", "300.0.0.1"}) {
    INFO(bad);
    CHECK_FALSE(Network::parse(bad));
  }
}

TEST_CASE("networks of both versions, and one address") {
  const auto holds = [](const char* network, const char* address) {
    const auto parsed = Network::parse(network);
    REQUIRE(parsed);
    CHECK(parsed->text() == network);
    return parsed->holds(address);
  };
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK(holds("192.0.2.128/25", "192.0.2.200"));
  CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
  CHECK(holds("203.0.113.9", "203.0.113.9"));
  CHECK_FALSE(holds("203.0.113.9", "203.0.113.8"));
  CHECK(holds("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  CHECK(holds("2001:db8::/32", "2001:DB8:0:0:0:0:0:1"));
  CHECK_FALSE(holds("2001:db8::/32", "2001:db9::1"));
  CHECK_FALSE(holds("10.0.0.0/8", "no address"));
  for (const char* wrong : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "2001:db8::/129",
                            "10.0.0.0/-1", "10.0.0.0/8/8", "host"}) {
    CAPTURE(wrong);
    CHECK_FALSE(Network::parse(wrong));
  }
}

TEST_CASE("the block around an address has no bits behind its mask") {
  const auto around = [](const char* address, unsigned bits) {
    return Network::around(Address::parse(address).value(), bits).text();
  };
  CHECK(around("198.51.100.77", 24) == "198.51.100.0/24");
  CHECK(around("198.51.100.77", 30) == "198.51.100.76/30");
  CHECK(around("198.51.100.77", 32) == "198.51.100.77");
  CHECK(around("198.51.100.77", 0) == "0.0.0.0/0");
  CHECK(around("2001:db8:ffff::1", 33) == "2001:db8:8000::/33");
  CHECK(around("2001:DB8::1", 128) == "2001:db8::1");
  CHECK(Network::parse("10.1.2.3/8")->holds("10.9.9.9"));
  CHECK_FALSE(Address::parse("host"));
}
