// SPDX-License-Identifier: Apache-2.0
#include "mapping/leaf_name.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::mapping;

namespace {

using Says = bool (*)(std::string_view);

void check(Says says, std::initializer_list<std::string_view> yes,
           std::initializer_list<std::string_view> no) {
  for (const std::string_view name : yes) {
    CAPTURE(name);
    CHECK(says(name));
  }
  for (const std::string_view name : no) {
    CAPTURE(name);
    CHECK_FALSE(says(name));
  }
  CHECK_FALSE(says(""));
}

}  // namespace

TEST_CASE("spellings of a name are one name") {
  for (const char* name : {"src_ip", "srcIp", "Src IP", "SRC-IP", "src.ip", "[src:ip]"}) {
    CHECK(PlainName(name).text() == "srcip");
  }
  CHECK(PlainName("").text() == "");
  CHECK(PlainName("_-. /").text() == "");
  CHECK(PlainName(std::string_view("a\0b\x01\x7f", 5)).text() == "ab");
  // Letters of other scripts are not changed, invalid ones neither.
  CHECK(PlainName("Stra\xC3\x9F"
                  "E")
            .text() ==
        "stra\xC3\x9F"
        "e");
  CHECK(PlainName("A\xFF").text() == "a\xFF");
  CHECK(PlainName(std::string(64, 'X')).text() == std::string(64, 'x'));
  CHECK(PlainName(std::string(65, 'x')).text() == "");
}

TEST_CASE("names of no address") {
  check(leaf::no_address,
        {"osversion", "netmask", "sysoid", "oid", "dvcip", "localip", "agentipaddress",
         "thedeviceip", "manageraddress", "number", "clientver"},
        {"server", "srcip", "clientip", "remoteip", "deviceipx", "ip", "numbers"});
}

TEST_CASE("names of no URL and of no mail address") {
  check(leaf::no_url, {"references", "permalink", "mylinks", "self", "htmlurl", "investigationurl"},
        {"url", "requesturl", "linked", "selfish"});
  check(leaf::no_mail, {"messageid", "xmessageid", "msgid", "sessionkey", "maintaineraddress"},
        {"mail", "sender", "keys"});
}

TEST_CASE("names of hashes of files") {
  const auto hash = [](std::string_view name) { return leaf::hash(name, "data"); };
  check(hash, {"md5", "filesha256", "hash", "sha1after", "cksum"},
        {"imphash", "dthash", "ja3hash", "md5before", "sessionhash", "certsha1", "passwordhash",
         "file"});
  for (const char* parent : {"ja3s", "imphash", "certificate", "session"}) {
    CHECK_FALSE(leaf::hash("hash", parent));
  }
  CHECK(leaf::hash("sha1", "session"));
  CHECK(leaf::hash("hash", "file"));
}

TEST_CASE("names of domains") {
  const auto domain = [](std::string_view name) { return leaf::domain(name, "data"); };
  for (const char* name : {"domain", "dnsname", "tlsservername", "sni", "qname", "remotehost",
                           "dnsquery", "answers", "sourcereversedns"}) {
    CHECK(domain(name));
  }
  for (const char* name : {"userdomain", "targetdomainname", "devicehostname", "agenthost",
                           "dvchost", "hosts", "name"}) {
    CHECK_FALSE(domain(name));
  }
  CHECK(leaf::domain("name", "question"));
  CHECK_FALSE(leaf::domain("name", "process"));
}

TEST_CASE("names of URLs") {
  check(leaf::url, {"url", "targeturl", "requesturi", "misc"}, {"urls", "urlcategory", "source"});
}

TEST_CASE("names of accounts; a plain name only below an account field") {
  const auto user = [](std::string_view name) { return leaf::user(name, "data"); };
  for (const char* name : {"user", "srcuser", "processuser", "loginname", "xusername", "upn"})
    CHECK(user(name));
  for (const char* name : {"", "userdisplayname", "users", "useragent", "name"}) {
    CHECK_FALSE(user(name));
  }
  CHECK(leaf::user("name", "actor"));
  CHECK(leaf::user("name", "useridentity"));
  CHECK_FALSE(leaf::user("name", "process"));
  CHECK_FALSE(leaf::user("name", ""));
}

TEST_CASE("names of agents, files, indicators and addresses") {
  check(leaf::user_agent, {"useragent", "httpuseragent", "useragentoriginal", "ua"},
        {"agent", "user"});
  const auto file = [](std::string_view name) { return leaf::file(name, "data"); };
  for (const char* name : {"filename", "respfilenames", "targetpath", "exe", "parentprocesspath"})
    CHECK(file(name));
  for (const char* name :
       {"originalfilename", "logfilename", "file", "path", "policyfilepath", "executable"}) {
    CHECK_FALSE(file(name));
  }
  CHECK(leaf::file("path", "file"));
  CHECK(leaf::file("executable", "process"));
  check(leaf::indicator, {"ioc", "iocs", "indicators", "queryvalue", "seenindicator"}, {"value"});
  check(leaf::mac, {"mac", "origl2addr", "clientmac"}, {"devicemac", "macos", "srcaddr"});
  check(leaf::tls_client, {"ja3", "ja3hash", "hassh"}, {"ja3s", "hash"});
  check(leaf::account, {"source", "initiator"}, {"sources", "destination"});
  check(leaf::address, {"srcip", "addresses", "xforwardedfor", "peer"}, {"ipsec", "peers", "zip4"});
  check(leaf::own_branch, {"agent", "sca", "os"}, {"agents", "data", "win"});
}

TEST_CASE("pages of products and their documentation") {
  for (const char* url :
       {"https://virustotal.com/x", "https://www.VirusTotal.com:443/x", "http://nvd.nist.gov",
        "https://a.b.portal.azure.com?x", "https://user@w3.org/", "HTTPS://W3.ORG#x"}) {
    CAPTURE(url);
    CHECK(is_console_url(url));
  }
  for (const char* url :
       {"https://notvirustotal.com/x", "https://virustotal.com.evil.example/",
        "https://evil.example/virustotal.com", "https://evil.example?virustotal.com",
        "virustotal.com", "", "://", "https://"}) {
    CAPTURE(url);
    CHECK_FALSE(is_console_url(url));
  }
}

TEST_CASE("a user in a URL does not make it a page of a product") {
  CHECK_FALSE(is_console_url("https://virustotal.com:x@evil.example/"));
  CHECK_FALSE(is_console_url("https://virustotal.com@evil.example/"));
  CHECK_FALSE(is_console_url("https://a@virustotal.com:80@evil.example/"));
  // Browsers take a backslash for a slash.
  CHECK_FALSE(is_console_url("https://evil.example\\@virustotal.com/"));
}
