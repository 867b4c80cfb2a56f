// SPDX-License-Identifier: Apache-2.0
#include "mapping/composite.h"

#include <catch2/catch.hpp>

using namespace socbridge::mapping;

namespace {
std::string taken(std::string_view type, std::string_view text) {
  std::string out;
  for (const Part& part : parts_of(type, text)) {
    out += (out.empty() ? "" : " + ") + std::string(part.type) + " " + part.text;
  }
  return out;
}
}  // namespace

TEST_CASE("addresses with surrounding characters") {
  CHECK(taken("ip", "192.0.2.7:54993:X0:pc.office.example") ==
        "ip 192.0.2.7 + host pc.office.example");
  CHECK(taken("ip", "192.0.2.7:443:X1") == "ip 192.0.2.7");
  CHECK(taken("ip", "192.0.2.7, 192.0.2.8;192.0.2.9\n192.0.2.10") ==
        "ip 192.0.2.7 + ip 192.0.2.8 + ip 192.0.2.9 + ip 192.0.2.10");
  CHECK(taken("ip", "192.0.2.7 (host.example)") == "ip 192.0.2.7");
  CHECK(taken("ip", "192.000.002.007") == "ip 192.0.2.7");
  CHECK(taken("ip", "inside:192.0.2.7/443") == "ip 192.0.2.7");
  CHECK(taken("ip", "192.0.2.7/32") == "ip 192.0.2.7");
  CHECK(taken("ip", "192.0.2.7#53, 192.0.2.8#53") == "ip 192.0.2.7 + ip 192.0.2.8");
  CHECK(taken("host", "192.0.2.7(41234)") == "ip 192.0.2.7");
  CHECK(taken("host", "scan.example.org(41234)") == "host scan.example.org");
  CHECK(taken("ip", "root@192.0.2.7") == "ip 192.0.2.7 + username root");
  CHECK(taken("ip", "scan.example.org") == "ip scan.example.org");
}

TEST_CASE("composite: text before a port") {
  CHECK(before_port("192.0.2.7(22)") == "192.0.2.7");
  CHECK(before_port("2001:db8::7#53") == "2001:db8::7");
  CHECK(before_port("192.0.2.7/443") == "192.0.2.7");
  for (const char* text : {"", "192.0.2.0/24", "2001:db8::/64", "192.0.2.7", "192.0.2.7(", "(22)",
                           "#53", "192.0.2.7(x)", "192.0.2.7/99999", "192.0.2.7()", "a/b/443"}) {
    CAPTURE(text);
    CHECK(before_port(text).empty());
  }
}

TEST_CASE("composite: accounts with surrounding characters") {
  CHECK(taken("username", "ana@192.0.2.7") == "username ana + ip 192.0.2.7");
  CHECK(taken("username", "ana@office.example") == "mail ana@office.example");
  CHECK(taken("username", "ana@KIOSK") == "username ana + host KIOSK");
  CHECK(taken("username", R"(OFFICE\\ana)") == R"(username OFFICE\ana)");
  CHECK(taken("username", "\"bob\"") == "username bob");
  CHECK(taken("username", "arn:aws:iam::111122223333:user/ci.bot") == "username ci.bot");
  CHECK(taken("username", "uid=ana,ou=people,dc=example") == "username ana");
}

TEST_CASE("files, commands and other values with surrounding characters") {
  CHECK(taken("command", R"("C:\a b\svc.exe" -k run)") == R"(filename C:\a b\svc.exe)");
  CHECK(taken("command", R"(C:\a\svc.exe -k run)") == R"(filename C:\a\svc.exe)");
  CHECK(taken("filename", R"(file:_C:\x.exe; webfile:_C:\x.exe|https://bad.example/x|pid:4,S:1)") ==
        R"(filename C:\x.exe + filename C:\x.exe + url https://bad.example/x)");
  CHECK(taken("filename", "a.exe|8277e0910d750195b448797616e091ad") ==
        "filename a.exe + hash 8277e0910d750195b448797616e091ad");
  CHECK(taken("filename", "http://bad.example/a.exe") == "url http://bad.example/a.exe");
  CHECK(taken("filename", R"(C:\\Temp\\e.com)") == R"(filename C:\Temp\e.com)");
}

TEST_CASE("composite: URLs with surrounding characters") {
  CHECK(taken("url", "192.0.2.7:http://bad.example/x") == "url http://bad.example/x");
  CHECK(taken("url", "GET https://bad.example/x") == "url https://bad.example/x");
  CHECK(taken("url", "POST /x") == "url /x");
  CHECK(taken("url", "GET /a?b HTTP/1.1") == "url /a?b");
  CHECK(taken("url", "bad.example/a.exe") == "url http://bad.example/a.exe");
  CHECK(taken("url", "hxxps://bad[.]example/x") == "url https://bad.example/x");
  CHECK(taken("url", "tcp://192.0.2.7:4444") == "host 192.0.2.7:4444");
  CHECK(taken("url", R"(C:\a.exe)") == R"(filename C:\a.exe)");
  CHECK(taken("url", "http://a.example/1,2, https://b.example/2") ==
        "url http://a.example/1,2 + url https://b.example/2");
  CHECK(taken("url", "/?x=${jndi:ldap://192.0.2.7/a}") == "url /?x=${jndi:ldap://192.0.2.7/a}");
}

TEST_CASE("composite: mail addresses and hashes in lists") {
  CHECK(taken("mail", "x@a.example; Y <y@a.example>,undisclosed-recipients:;") ==
        "mail x@a.example + mail Y <y@a.example>");
  CHECK(taken("mail", "\"Bad, Inc\" <a@bad.example>") == "mail \"Bad, Inc\" <a@bad.example>");
  CHECK(taken("hash",
              "MD5=8277e0910d750195b448797616e091ad,IMPHASH=11112222333344445555666677778888") ==
        "hash MD5=8277e0910d750195b448797616e091ad");
}

// The quick check may only save work.
TEST_CASE("a value of one part is returned unchanged") {
  std::size_t sure = 0;
  for (const char* const type :
       {"ip", "hash", "url", "mail", "mail_or_user", "username", "filename", "registry_or_file",
        "registry", "command", "domain", "fqdn", "hostname", "host", "user-agent", "auto"}) {
    for (const char* const text : {"",
                                   "a",
                                   "-",
                                   "ana",
                                   "ana.b_c-d",
                                   "192.0.2.7",
                                   "192.000.002.007",
                                   "192.0.2.7:443",
                                   "hxx.example",
                                   "HXXP",
                                   "fxp.example",
                                   "setup.exe",
                                   "a/b",
                                   "a b",
                                   " a",
                                   "HKEY_USERS",
                                   "8277e0910d750195b448797616e091ad",
                                   "www.example.com",
                                   "ana@office.example",
                                   "m\xC3\xBC",
                                   "a,b",
                                   "a;b",
                                   "a|b",
                                   "\"a\"",
                                   "a[.]b",
                                   "OFFICE\\ana",
                                   "arn:aws",
                                   "x=1,y=2"}) {
      CAPTURE(type, text);
      if (!is_one_part(type, text)) continue;
      ++sure;
      CHECK(taken(type, text) == std::string(type) + " " + text);
    }
  }
  CHECK(sure > 50);
  CHECK(is_one_part("ip", "192.0.2.7"));
  CHECK(is_one_part("hash", "8277e0910d750195b448797616e091ad"));
  CHECK_FALSE(is_one_part("ip", ""));
}
