// SPDX-License-Identifier: Apache-2.0
// What observables of TheHive are to OpenCTI.
#include "opencti/stix/value.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::opencti {

TEST_CASE("OpenCTI types of TheHive's observables") {
  const auto made = [](const char* type, const char* data) {
    const NewObservable one = new_observable(value_of(type, data));
    if (!one.type.empty()) CHECK(json::Document::parse(one.input_json).ok());
    return one.argument + " " + one.input_json;
  };
  CHECK(made("ip", "198.51.100.7") == R"(IPv4Addr {"value":"198.51.100.7"})");
  CHECK(made("ip", "2001:db8::1") == R"(IPv6Addr {"value":"2001:db8::1"})");
  CHECK(made("hostname", "ws-s1") == R"(Hostname {"value":"ws-s1"})");
  CHECK(made("hostname", "ws.example") == R"(DomainName {"value":"ws.example"})");
  CHECK(made("hash", "098f6bcd4621d373cade4e832627b4f6") ==
        R"(StixFile {"hashes":[{"algorithm":"MD5","hash":"098f6bcd4621d373cade4e832627b4f6"}]})");
  CHECK(made("registry", R"(HKLM\X)") == R"(WindowsRegistryKey {"attribute_key":"HKLM\\X"})");
  CHECK(made("autonomous-system", "AS64500") ==
        R"(AutonomousSystem {"number":64500,"name":"AS64500"})");
  CHECK(new_observable(value_of("autonomous-system", "none")).type.empty());
  CHECK(new_observable(value_of("cve", "CVE-2025-1")).type.empty());
}

}  // namespace socbridge::opencti
