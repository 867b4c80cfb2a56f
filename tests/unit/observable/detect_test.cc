// SPDX-License-Identifier: Apache-2.0
#include "observable/detect.h"

#include <catch2/catch.hpp>

using namespace socbridge;

namespace {
std::string found(std::string_view text) {
  const auto what = observable::detect(text);
  if (!what.ok()) return std::string("error ") + exit_code_name(what.status().code());
  return what->type + " " + what->value;
}
std::string as(std::string_view type, std::string_view text) {
  const auto what = observable::read_as(type, text);
  return what.ok() ? what->type + " " + what->value : "error";
}
}  // namespace

TEST_CASE("types are detected from content") {
  CHECK(found("203.0.113.7") == "ip 203.0.113.7");
  CHECK(found("203.0.113.7:443") == "ip 203.0.113.7");
  CHECK(found("[2001:DB8::1]:443") == "ip 2001:db8::1");
  CHECK(found("fe80::1%eth0") == "ip fe80::1");
  CHECK(found("198.51.100.0/24") == "ip 198.51.100.0/24");
  CHECK(found("2001:db8::/32") == "ip 2001:db8::/32");
  CHECK(found("example.org") == "domain example.org");
  CHECK(found("Example.ORG.") == "domain example.org");
  CHECK(found("www.example.co.uk") == "fqdn www.example.co.uk");
  CHECK(found("example.co.uk") == "domain example.co.uk");
  CHECK(found("evil.example:8080") == "domain evil.example");
  CHECK(found("https://Evil.Example/A?b=C") == "url https://evil.example/A?b=C");
  CHECK(found("evil.example/a") == "url http://evil.example/a");
  CHECK(found("D41D8CD98F00B204E9800998ECF8427E") == "hash d41d8cd98f00b204e9800998ecf8427e");
  CHECK(found("sha256:" + std::string(64, 'a')) == "hash " + std::string(64, 'a'));
  CHECK(found(std::string(56, 'a')) == "hash " + std::string(56, 'a'));
  CHECK(found(std::string(96, 'a')) == "hash " + std::string(96, 'a'));
  CHECK(found("Eve <eve@Evil.example>") == "mail eve@evil.example");
  CHECK(found("mailto:eve@evil.example") == "mail eve@evil.example");
  CHECK(found("CVE-2024-3094") == "other CVE-2024-3094");
  CHECK(found("198.51.100.0/33") != "ip 198.51.100.0/33");
  CHECK(found("999.1.1.1") == "other 999.1.1.1");
}

TEST_CASE("detect: defanged values are restored") {
  CHECK(found("hxxp://evil[.]example/x") == "url http://evil.example/x");
  CHECK(found("hXXps[:]//evil[.]example") == "url https://evil.example");
  CHECK(found("hxxps[://]evil(.)example") == "url https://evil.example");
  CHECK(found("fxp://evil[.]example/x") == "url ftp://evil.example/x");
  CHECK(found("203[.]0[.]113[.]7") == "ip 203.0.113.7");
  CHECK(found("203.0.113[.7") == "ip 203.0.113.7");
  CHECK(found("evil[dot]example") == "domain evil.example");
  CHECK(found("evil(dot)example") == "domain evil.example");
  CHECK(found("evil\\.example") == "domain evil.example");
  CHECK(found("eve[@]evil[.]example") == "mail eve@evil.example");
  CHECK(found("eve(at)evil{dot}example") == "mail eve@evil.example");
  CHECK(found("\"<evil.example>\",") == "domain evil.example");
  CHECK(found("http://[2001:db8::1]:80/x") == "url http://[2001:db8::1]:80/x");
}

TEST_CASE("international names get the form that analyzers use") {
  CHECK(found("bücher.example") == "domain xn--bcher-kva.example");
  CHECK(found("BÜCHER.example") == "domain xn--bcher-kva.example");
  CHECK(found("https://u@bücher.example:8/ü") == "url https://u@xn--bcher-kva.example:8/ü");
  CHECK(found("eve@bücher.example") == "mail eve@xn--bcher-kva.example");
}

TEST_CASE("names with file extensions are not domains, names with underscores are") {
  CHECK(found("setup.exe") == "filename setup.exe");
  CHECK(found("invoice.docx") == "filename invoice.docx");
  CHECK(found("a_b1.tunnel.evil.example") == "fqdn a_b1.tunnel.evil.example");
  CHECK(found("_ldap._tcp.evil.example") == "other _ldap._tcp.evil.example");
  CHECK(found("expyuzz4wqqyqhjn.onion") == "domain expyuzz4wqqyqhjn.onion");
}

TEST_CASE("detect: files are named by path") {
  CHECK(found("@/dev/null") == "error usage");  // not a regular file
  CHECK(found("@/no/such/file") == "error usage");
  CHECK(found("/no/such/file") == "other /no/such/file");
  CHECK(found("@/etc/passwd") == "file /etc/passwd");
  CHECK(found("/etc/passwd") == "file /etc/passwd");
}

TEST_CASE("detect: private addresses are marked") {
  CHECK(observable::detect("10.0.0.1")->private_address);
  CHECK(observable::detect("127.0.0.1")->private_address);
  CHECK(observable::detect("10.0.0.0/8")->private_address);
  CHECK_FALSE(observable::detect("203.0.113.7")->private_address);
}

TEST_CASE("detection of a normalised value gives the same value") {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"hxxps[://.\0\0\0\0\0\0\0\x1c\xc7\xcf\xc5\x9a\xc7\x30La??"sv,  // found by fuzzing
        "http://[[.].]example/"sv, "x<'@evil.example>"sv, "a.1\u3002"sv, "https://\u3002/"sv,
        "https://![.]"sv, "http://a\0b.example/"sv, "http://evil.example/\xff"sv}) {
    const auto once = observable::detect(text);
    REQUIRE(once.ok());
    const auto twice = observable::read_as(once->type, once->value);
    REQUIRE(twice.ok());
    CHECK(twice->type == once->type);
    CHECK(twice->value == once->value);
  }
  CHECK(found("http://[.") == "other http://[.");
  CHECK(found("http://;/x") == "other http://;/x");
}

TEST_CASE("detect: empty and too long values are errors") {
  CHECK(found("") == "error bad_input");
  CHECK(found(" \t") == "error bad_input");
  CHECK(found("<>") == "error bad_input");
  CHECK(found(std::string(4097, 'a')) == "error bad_input");
}

TEST_CASE("detect: a given type is used") {
  CHECK(as("ip", "203[.]0.113.7") == "ip 203.0.113.7");
  CHECK(as("ip", "example.org") == "error");
  CHECK(as("fqdn", "example.org") == "fqdn example.org");
  CHECK(as("user-agent", "curl/7.88") == "user-agent curl/7.88");
  CHECK(as("hash", "abc") == "error");
  CHECK(as("auto", "203.0.113.7") == "ip 203.0.113.7");
}
