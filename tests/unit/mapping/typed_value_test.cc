// SPDX-License-Identifier: Apache-2.0
#include "mapping/typed_value.h"

#include <catch2/catch.hpp>

using namespace socbridge::mapping;

namespace {
std::string typed(std::string_view type, std::string_view text) {
  const TypedValue c = classify(type, text);
  return c.type.empty() || c.noise != Noise::none ? "dropped" : std::string(c.type) + " " + c.value;
}
}  // namespace

TEST_CASE("typed value: an ip field may hold a name") {
  CHECK(typed("ip", "203.0.113.9:22") == "ip 203.0.113.9");
  CHECK(typed("ip", "scan.example.org") == "domain scan.example.org");
  CHECK(typed("ip", "UNKNOWN") == "dropped");
  CHECK(typed("ip", "single") == "dropped");
  CHECK(typed("ip", "::1") == "dropped");
  CHECK(classify("ip", "192.168.1.1").private_address);
  CHECK_FALSE(classify("ip", "203.0.113.9").private_address);
}

TEST_CASE("a url field may hold a path or a host") {
  CHECK(typed("url", "http://Example.org/A") == "url http://example.org/A");
  CHECK(typed("url", "/a?b=1") == "uri_path /a?b=1");
  CHECK(typed("url", "/") == "dropped");
  CHECK(typed("url", "c2.example.org:443") == "domain c2.example.org");
  CHECK(typed("url", "198.51.100.4:443") == "ip 198.51.100.4");
  CHECK(typed("url", "[2001:db8::4]:443") == "ip 2001:db8::4");
}

TEST_CASE("typed value: host names") {
  CHECK(typed("ip", "SSH-2.0-Go") == "dropped");
  CHECK(typed("hostname", "KIOSK") == "hostname KIOSK");
  CHECK(typed("hostname", "198.51.100.4") == "ip 198.51.100.4");
  CHECK(typed("hostname", "localhost") == "dropped");
  CHECK(typed("domain", "shop.example.com:8080") == "domain shop.example.com");
  CHECK(typed("domain", "wpad") == "dropped");
}

TEST_CASE("typed value: accounts") {
  CHECK(typed("username", R"(LAB\a.meyer)") == R"(username LAB\a.meyer)");
  CHECK(typed("username", "root(uid=0)") == "username root");
  CHECK(typed("username", "root") == "username root");
  for (const char* text : {"SYSTEM", R"(NT AUTHORITY\SYSTEM)", R"(NT AUTHORITY\LOCAL SERVICE)",
                           "ANONYMOUS LOGON", "PC9$", R"(CORP\PC9$)", "DWM-1", "-", "(unknown)"}) {
    INFO(text);
    CHECK(typed("username", text) == "dropped");
  }
  CHECK(typed("mail_or_user", "Ana@Example.com") == "mail Ana@example.com");
  CHECK(typed("mail_or_user", "ana") == "username ana");
}

TEST_CASE("typed value: registry keys and files") {
  CHECK(typed("registry", R"(HKLM\SOFTWARE\x)") == R"(registry HKLM\SOFTWARE\x)");
  CHECK(typed("registry", "DWORD (0x1)") == "dropped");
  CHECK(typed("registry_or_file", R"(HKEY_USERS\x)") == R"(registry HKEY_USERS\x)");
  CHECK(typed("registry_or_file", "/etc/passwd") == "filename /etc/passwd");
}

TEST_CASE("typed value: hardware addresses") {
  CHECK(typed("mac", "00-11-22-AA-bb-CC") == "other 00:11:22:aa:bb:cc");
  CHECK(typed("mac", "0011.22aa.bbcc") == "other 00:11:22:aa:bb:cc");
  CHECK(typed("mac", "ff:ff:ff:ff:ff:ff") == "dropped");
  CHECK(typed("mac", "00:11:22") == "dropped");
  // Whatever the field is called.
  CHECK(typed("host", "98:5A:EB:E1:81:2F") == "other 98:5a:eb:e1:81:2f");
  CHECK(typed("ip", "98-5A-EB-E1-81-2F") == "other 98:5a:eb:e1:81:2f");
  CHECK(typed("host", "98:5A:EB:E1:81-2F") == "dropped");
  CHECK(typed("host", "98:5A:EB:E1:81:2G") == "dropped");
}

TEST_CASE("auto decides by the value") {
  CHECK(typed("auto", "198.51.100.4") == "ip 198.51.100.4");
  CHECK(typed("auto", std::string(64, 'A')) == "hash " + std::string(64, 'a'));
  CHECK(typed("auto", "http://example.org/x") == "url http://example.org/x");
  CHECK(typed("auto", "a@example.org") == "mail a@example.org");
  CHECK(typed("auto", "Evil.Example.org") == "domain evil.example.org");
  CHECK(typed("auto", "some words") == "other some words");
  CHECK(typed("my-own-type", " text ") == "my-own-type text");
}
