// SPDX-License-Identifier: Apache-2.0
#include "observable/validate.h"

#include <catch2/catch.hpp>

using namespace socbridge::observable;

namespace {
std::string ip(std::string_view text) {
  const auto address = parse_ip(text);
  return address ? address->text : "none";
}
}  // namespace

TEST_CASE("validate: addresses become canonical") {
  CHECK(ip("192.0.2.1") == "192.0.2.1");
  CHECK(ip(" 192.0.2.1 ") == "192.0.2.1");
  CHECK(ip("192.0.2.1:8080") == "192.0.2.1");
  CHECK(ip("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(ip("::FFFF:c000:201") == "192.0.2.1");
  CHECK(ip("2001:0DB8:0000:0000:0000:0000:0000:0001") == "2001:db8::1");
  CHECK(ip("2001:db8:0:1:0:0:0:1") == "2001:db8:0:1::1");
  CHECK(ip("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");
  CHECK(ip("[2001:db8::1]:443") == "2001:db8::1");
  CHECK(ip("[2001:db8::1]") == "2001:db8::1");
  CHECK(ip("2001:db8::1%eth0") == "2001:db8::1");
}

TEST_CASE("validate: values that only look like addresses") {
  for (const char* text : {"", "-", "192.0.2", "192.0.2.256", "010.0.0.1", "192.0.2.1.5",
                           "192.0.2.1:99999", "192.0.2.1:x", "[2001:db8::1", "[2001:db8::1]x",
                           "2001:db8:::1", "1:2:3", "host", "192.0.2.0/24", "4.7.2.1-rc1"}) {
    CHECK(ip(text) == "none");
  }
}

TEST_CASE("validate: addresses know their scope") {
  for (const char* text :
       {"127.0.0.1", "0.0.0.0", "::", "::1", "0:0:0:0:0:0:0:1", "169.254.1.1", "fe80::1%eth0",
        "224.0.0.251", "ff02::fb", "255.255.255.255", "::ffff:127.0.0.1"}) {
    INFO(text);
    CHECK(parse_ip(text)->scope == IpScope::useless);
  }
  for (const char* text :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1"}) {
    INFO(text);
    CHECK(parse_ip(text)->scope == IpScope::private_use);
  }
  for (const char* text :
       {"172.15.0.1", "172.32.0.1", "192.0.2.1", "100.128.0.1", "2001:db8::1", "11.0.0.1"}) {
    INFO(text);
    CHECK(parse_ip(text)->scope == IpScope::global);
  }
}

TEST_CASE("hashes are detected from length and hex") {
  for (const std::size_t length : {32U, 40U, 56U, 64U, 96U, 128U}) {
    CHECK(parse_hash(std::string(length, 'A')) == std::string(length, 'a'));
    CHECK_FALSE(parse_hash(std::string(length - 1, 'a')));
    CHECK_FALSE(parse_hash(std::string(length - 1, 'a') + "g"));
  }
  CHECK(parse_hash("sha256:" + std::string(64, 'B')) == std::string(64, 'b'));
  CHECK(parse_hash("SHA1=" + std::string(40, 'B')) == std::string(40, 'b'));
  CHECK_FALSE(parse_hash("IMPHASH=" + std::string(32, 'b')));
}

TEST_CASE("validate: hashes without meaning") {
  CHECK_FALSE(parse_hash(std::string(32, '0')));
  CHECK_FALSE(parse_hash("D41D8CD98F00B204E9800998ECF8427E"));
  CHECK_FALSE(parse_hash("da39a3ee5e6b4b0d3255bfef95601890afd80709"));
  CHECK_FALSE(parse_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST_CASE("validate: domains") {
  CHECK(parse_domain("WWW.Example.COM.") == "www.example.com");
  CHECK(parse_domain("XN--MNCHEN-3YA.example") == "xn--mnchen-3ya.example");
  CHECK(parse_domain("m\xC3\xBCnchen.example") == "m\xC3\xBCnchen.example");
  for (const char* text : {"wpad", "_ldap._tcp.dc.example", "192.0.2.1", "a..b", "-a.example",
                           "a b.example", "", ".", "example.", "..", ".a.b", "a.b..", "a.."}) {
    INFO(text);
    CHECK_FALSE(parse_domain(text));
  }
  CHECK_FALSE(parse_domain(std::string(64, 'a') + ".example"));
}

TEST_CASE("validate: mail addresses") {
  CHECK(parse_mail("Ana B <ana@Example.COM>") == "ana@example.com");
  CHECK(parse_mail("ana@example.com") == "ana@example.com");
  CHECK(parse_mail("user:ana@example.com") == "ana@example.com");
  CHECK(parse_mail("Ana <SMTP:ana@example.com>") == "ana@example.com");
  CHECK_FALSE(parse_mail("role:ana@example.com"));
  for (const char* text : {"ana", "@example.com", "ana@host", "a b@example.com", "ana@"})
    CHECK_FALSE(parse_mail(text));
}

TEST_CASE("validate: absolute URLs keep path and query") {
  CHECK(parse_url("HTTP://Example.COM/A?B=C#D") == "http://example.com/A?B=C#D");
  CHECK(parse_url("https://User@Example.com:8443/") == "https://User@example.com:8443/");
  for (const char* text : {"/a/b", "example.com/a", "javascript:alert(1)", "http://", "http:///x",
                           "data:text/html,x"}) {
    INFO(text);
    CHECK_FALSE(parse_url(text));
  }
}

TEST_CASE("validate: placeholders") {
  for (const char* text :
       {"", " ", "-", "N/A", "None", "NULL", "(null)", "UNKNOWN", "(unknown)", "?", "LOCAL"}) {
    INFO(text);
    CHECK(is_placeholder(text));
  }
  CHECK_FALSE(is_placeholder("alice"));
  CHECK_FALSE(is_placeholder("nonesuch"));
}
