// SPDX-License-Identifier: Apache-2.0
// What of an alert or case is reported to OpenCTI as seen.
#include "context/sightings.h"

#include <catch2/catch.hpp>

namespace socbridge::context {
namespace {

thehive::ObservableInfo observable(const char* type, const char* data, bool ioc, bool sighted) {
  thehive::ObservableInfo out;
  out.data_type = type;
  out.data = data;
  out.ioc = ioc;
  out.sighted = sighted;
  return out;
}

Target target(std::vector<thehive::ObservableInfo> observables) {
  Target out;
  out.key = "TheHive case ~42";
  out.date_ms = 1700000000000;
  out.observables = std::move(observables);
  return out;
}

}  // namespace

TEST_CASE("only what is an IOC or sighted is reported as seen") {
  const auto seen = seen_of(target({observable("ip", "192.0.2.1", false, false),
                                    observable("ip", "192.0.2.2", true, false),
                                    observable("ip", "192.0.2.3", false, true)}));
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].value.text == "192.0.2.2");
  CHECK(seen[0].ioc);
  CHECK(seen[1].value.text == "192.0.2.3");
  CHECK_FALSE(seen[1].ioc);
  CHECK(seen[1].description == "Seen in TheHive case ~42");
}

TEST_CASE("a value was seen when its observable was made, else at the date of the target") {
  auto dated = observable("ip", "192.0.2.1", true, false);
  dated.created_ms = 1600000000000;
  const auto seen = seen_of(target({dated, observable("ip", "192.0.2.2", true, false)}));
  CHECK(seen[0].at_ms == 1600000000000);
  CHECK(seen[1].at_ms == 1700000000000);
}

TEST_CASE("a value that is there twice is seen once, with the stricter TLP, as an IOC if one is") {
  auto first = observable("domain", "Evil.example", false, true);
  first.tlp = 3;
  auto second = observable("domain", "evil.example", true, false);
  second.tlp = 1;
  auto third = observable("fqdn", "evil.example", false, true);  // another data type
  const auto seen = seen_of(target({first, second, third}));
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].ioc);
  CHECK(seen[0].tlp == 3);
  CHECK_FALSE(seen[1].ioc);
}

TEST_CASE("sightings: a file is seen by its SHA-256") {
  auto file = observable("file", "", true, false);
  file.sha256 = std::string(64, 'a');
  const auto seen = seen_of(target({file}));
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].value.type == "hash");
  CHECK(seen[0].value.text == file.sha256);
}

}  // namespace socbridge::context
