// SPDX-License-Identifier: Apache-2.0
#include "analysis/exclusions.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using analysis::Exclusions;

namespace {

Exclusions made(const std::vector<std::string>& patterns) {
  auto out = Exclusions::make(patterns);
  REQUIRE(out.ok());
  return std::move(*out);
}

}  // namespace

TEST_CASE("networks, at each length of a byte and within it") {
  const Exclusions out =
      made({"198.51.100.0/24", "192.0.2.128/25", "203.0.113.9", "2001:db8::/33"});
  CHECK(out.find("ip", "198.51.100.255") == "198.51.100.0/24");
  CHECK(out.find("ip", "198.51.101.0").empty());
  CHECK(out.find("ip", "192.0.2.128") == "192.0.2.128/25");
  CHECK(out.find("ip", "192.0.2.127").empty());
  CHECK(out.find("ip", "203.0.113.9") == "203.0.113.9");
  CHECK(out.find("ip", "203.0.113.8").empty());
  CHECK(out.find("ip", "2001:db8:7fff::1") == "2001:db8::/33");
  CHECK(out.find("ip", "2001:db8:8000::1").empty());
  CHECK(out.find("url", "http://198.51.100.7:8080/a") == "198.51.100.0/24");
  CHECK(out.find("url", "http://user@[2001:db8::1]:443/a") == "2001:db8::/33");
  CHECK(made({"0.0.0.0/0"}).find("ip", "203.0.113.1") == "0.0.0.0/0");
  CHECK(made({"0.0.0.0/0"}).find("ip", "2001:db8::1").empty());
}

TEST_CASE("names below, mail addresses and URLs there") {
  const Exclusions out = made({"*.example.com", "Intranet"});
  CHECK(out.find("domain", "a.Example.COM") == "*.example.com");
  CHECK(out.find("mail", "ana@mail.example.com") == "*.example.com");
  CHECK(out.find("url", "https://u:p@a.example.com:8443/x?y=z@w") == "*.example.com");
  CHECK(out.find("domain", "example.com").empty());  // the name itself is another pattern
  CHECK(out.find("domain", "a.badexample.com").empty());
  CHECK(out.find("domain", "a.example.com.bad.example").empty());
  CHECK(out.find("url", "https://bad.example/a.example.com").empty());
  CHECK(out.find("hostname", "INTRANET") == "intranet");
  CHECK(out.find("hostname", "intranet2").empty());
}

TEST_CASE("a length that does not fit is a usage error") {
  for (const char* wrong : {"198.51.100.0/33", "2001:db8::/129", "198.51.100.0/", "198.51.100.0/x",
                            "198.51.100.0/-1"}) {
    CAPTURE(wrong);
    CHECK(Exclusions::make({wrong}).status().code() == ExitCode::usage);
  }
  CHECK(made({}).find("ip", "203.0.113.9").empty());
}
