// SPDX-License-Identifier: Apache-2.0
// Where a value is looked for in OpenCTI.
#include "opencti/stix/value.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::opencti {
namespace {

using Texts = std::vector<std::string>;

LookupKeys lookup(const char* type, const char* data) {
  return lookup_keys_of(value_of(type, data));
}

}  // namespace

TEST_CASE("values as analysts paste them") {
  CHECK(read_value("198.51.100[.]7")->text == "198.51.100.7");
  CHECK(read_value("198.51.100[.]7")->type == "ip");
  CHECK(read_value("hxxp://Evil.example/A")->text == "http://evil.example/A");
  CHECK(read_value("098F6BCD4621D373CADE4E832627B4F6")->text == "098f6bcd4621d373cade4e832627b4f6");
  CHECK_FALSE(read_value("   ").ok());
}

TEST_CASE("a value of unknown kind is classified by its form") {
  const auto type = [](const char* text) { return read_value(text)->type; };
  for (const char* file :
       {"invoice.exe", "quicklock.dll", "Report.DOCX", "a.b.ps1", "run.bat",
        R"(C:\Windows\Temp\invoice.exe)", "C:/Users/x/run.sh", R"(\\server\share\tool)",
        "/tmp/nowhere/evil.sh", "~/x/y", R"(%TEMP%\a.tmp)"}) {
    CHECK(type(file) == "filename");
  }
  CHECK(read_value("invoice.exe")->also == "domain");
  CHECK(read_value("setup.zip")->type == "domain");
  CHECK(read_value("setup.zip")->also == "filename");
  CHECK(read_value("evil.example")->also.empty());
  CHECK(type("evil.example") == "domain");
  CHECK(type("http://evil.example/a/invoice.exe") == "url");
  CHECK(type("a@evil.example") == "mail");
  CHECK(type(R"(HKLM\Software\X)") == "registry");
  CHECK(type(R"(HKEY_CURRENT_USER\X)") == "registry");
  CHECK(type("AS64501") == "autonomous-system");
  CHECK(read_value("as64501")->text == "64501");
  CHECK(type("ASSET1") == "other");
  CHECK(value_of("asn", "AS64501").text == "64501");
  CHECK(type("198.51.100.0/24") == "ip");
  // Both kinds of lookup keys are used.
  const LookupKeys both = lookup_keys_of(*read_value("invoice.exe"));
  CHECK(both.keys == Texts{"name", "value"});
  CHECK(both.patterns == Texts{"[file:name = 'invoice.exe']", "[domain-name:value = 'invoice.exe']",
                               "[hostname:value = 'invoice.exe']"});
}

TEST_CASE("networks around an address") {
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

TEST_CASE("an IPv6 address is also queried as given") {
  const Value value = value_of("ip", "2001:0DB8::0001");
  CHECK(value.text == "2001:db8::1");
  CHECK(lookup_keys_of(value).spellings == Texts{"2001:db8::1", "2001:0DB8::0001"});
}

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
