// Where a value is looked for in OpenCTI.
#include "opencti/value.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::opencti {
namespace {

using Texts = std::vector<std::string>;

Place place(const char* type, const char* data) { return place_of(value_of(type, data)); }

}  // namespace

TEST_CASE("values as analysts paste them") {
  CHECK(read_value("198.51.100[.]7")->text == "198.51.100.7");
  CHECK(read_value("198.51.100[.]7")->type == "ip");
  CHECK(read_value("hxxp://Evil.example/A")->text == "http://evil.example/A");
  CHECK(read_value("098F6BCD4621D373CADE4E832627B4F6")->text == "098f6bcd4621d373cade4e832627b4f6");
  CHECK_FALSE(read_value("   ").ok());
}

TEST_CASE("patterns are in OpenCTI's own spelling") {
  CHECK(place("ip", "198.51.100.7").patterns == Texts{"[ipv4-addr:value = '198.51.100.7']"});
  CHECK(place("fqdn", "H1.evil.example").patterns ==
        Texts{"[domain-name:value = 'h1.evil.example']", "[hostname:value = 'h1.evil.example']"});
  CHECK(place("url", "http://evil.example/a?b='c'&d=1").patterns ==
        Texts{R"([url:value = 'http://evil.example/a?b=\'c\'&d=1'])"});
  CHECK(place("hash", "098f6bcd4621d373cade4e832627b4f6").patterns ==
        Texts{"[file:hashes.MD5 = '098f6bcd4621d373cade4e832627b4f6']"});
  CHECK(place("hash", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3").patterns ==
        Texts{"[file:hashes.'SHA-1' = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3']"});
  CHECK(place("filename", R"(C:\Users\o'b\x.exe)").patterns ==
        Texts{R"([file:name = 'C:\\Users\\o\'b\\x.exe'])"});
  CHECK(place("registry", R"(HKLM\Software\X)").patterns ==
        Texts{R"([windows-registry-key:key = 'HKLM\\Software\\X'])"});
  CHECK(place("autonomous-system", "AS64500").patterns ==
        Texts{"[autonomous-system:number = '64500']"});
}

TEST_CASE("the keys of filters") {
  CHECK(place("registry", "HKLM").keys == Texts{"attribute_key"});
  CHECK(place("account", "bob").keys == Texts{"account_login", "user_id"});
  CHECK(place("hash", "098f6bcd4621d373cade4e832627b4f6").keys == Texts{"hashes.MD5"});
  CHECK(place("other", "anything").keys.size() > 3);
  CHECK(place("hash", "abc").keys.empty());
  CHECK(place("ip", "").keys.empty());
}

TEST_CASE("an IPv6 address is asked for as given too") {
  const Value value = value_of("ip", "2001:0DB8::0001");
  CHECK(value.text == "2001:db8::1");
  CHECK(place_of(value).spellings == Texts{"2001:db8::1", "2001:0DB8::0001"});
}

TEST_CASE("what observables of TheHive become") {
  const auto made = [](const char* type, const char* data) {
    const NewObservable one = new_observable(value_of(type, data));
    if (!one.type.empty()) CHECK(json::Document::parse(one.input_json).ok());
    return one.argument + " " + one.input_json;
  };
  CHECK(made("ip", "198.51.100.7") == R"(IPv4Addr {"value":"198.51.100.7"})");
  CHECK(made("ip", "2001:db8::1") == R"(IPv6Addr {"value":"2001:db8::1"})");
  CHECK(made("hash", "098f6bcd4621d373cade4e832627b4f6") ==
        R"(StixFile {"hashes":[{"algorithm":"MD5","hash":"098f6bcd4621d373cade4e832627b4f6"}]})");
  CHECK(made("registry", R"(HKLM\X)") == R"(WindowsRegistryKey {"attribute_key":"HKLM\\X"})");
  CHECK(made("autonomous-system", "AS64500") ==
        R"(AutonomousSystem {"number":64500,"name":"AS64500"})");
  CHECK(new_observable(value_of("autonomous-system", "none")).type.empty());
  CHECK(new_observable(value_of("cve", "CVE-2025-1")).type.empty());
}

}  // namespace socbridge::opencti
