// SPDX-License-Identifier: Apache-2.0
#include "cortex/observable_list.h"

#include <catch2/catch.hpp>

using namespace socbridge;

namespace {
std::string read(std::string_view text, std::string_view type = "auto") {
  const auto input = cortex::read_input(text, type);
  REQUIRE(input.ok());
  std::string out;
  for (const auto& o : input->observables) out += o.type + "=" + o.value + " ";
  for (const auto& e : input->errors) out += "!" + std::to_string(e.line) + " ";
  if (input->repeated > 0) out += "x" + std::to_string(input->repeated);
  return out;
}
}  // namespace

TEST_CASE("observable list: lines") {
  CHECK(read("203.0.113.7\r\n\n# a comment\nhxxp://evil[.]example\n") ==
        "ip=203.0.113.7 url=http://evil.example ");
  CHECK(read("\xEF\xBB\xBF# first\n203.0.113.7") == "ip=203.0.113.7 ");
  CHECK(read("example.org\nEXAMPLE.org.\n") == "domain=example.org x1");
  CHECK(read("not-an-ip\n203.0.113.7", "ip") == "ip=203.0.113.7 !1 ");
  CHECK(read("").empty());
}

TEST_CASE("a line without any sign of an observable is not one") {
  CHECK(read("{\"data\":\"203.0.113.7\"}\nnot json\n[1]\n") == "ip=203.0.113.7 !2 !3 ");
  CHECK(read("title: a rule\ndetection:\n  selection:\n    Image: '*x.exe'\n") == "!1 !2 !3 !4 ");
  CHECK(read("C:\\a b\\x.exe\nevil.example:8080\nhttp://evil.example/a,b\n") ==
        "filename=C:\\a b\\x.exe domain=evil.example url=http://evil.example/a,b ");
  // If the list or the caller requests it, it is one.
  CHECK(read("CVE-2024-3094\nnot json\n", "other") == "other=CVE-2024-3094 other=not json ");
  CHECK(read("value,note\nCVE-2024-3094,x\n") == "other=CVE-2024-3094 ");
  CHECK(read("{\"data\":\"CVE-2024-3094\"}\n{\"data\":\"1.2.3.4\"}\n") ==
        "other=CVE-2024-3094 ip=1.2.3.4 ");
}

TEST_CASE("observable list: tables") {
  CHECK(read("date,value,type\n2025,203.0.113.7,ip\n2025,\"curl, 7\",user-agent\n") ==
        "ip=203.0.113.7 user-agent=curl, 7 ");
  CHECK(read("ioc;note\nexample.org;\"a \"\"b\"\"\"\n") == "domain=example.org ");
  CHECK(read("note\tdata\nx\t203.0.113.7\nshort\n") == "ip=203.0.113.7 !3 ");
}

TEST_CASE("observable list: columns may be named in a comment") {
  CHECK(
      read("# ThreatFox\n#\n# \"first_seen\",\"ioc_id\",\"ioc_value\",\"ioc_type\"\n"
           "\"2026\", \"1\", \"203.0.113.7:8443\", \"ip:port\"\n"
           "\"2026\", \"2\", \"0f343b0931126a20f133d67c2b018a3b\", \"md5_hash\"\n# 2 entries\n") ==
      "ip=203.0.113.7 hash=0f343b0931126a20f133d67c2b018a3b ");
  CHECK(read("# id,dateadded,url,tags,urlhaus_link\n"
             "\"1\",\"2026\",\"http://203.0.113.7:41/i\",\"elf,Mozi\",\"https://urlhaus.example/"
             "1\"\n") == "url=http://203.0.113.7:41/i ");
  CHECK(
      read(
          "# "
          "Feodo\n\"first_seen_utc\",\"dst_ip\",\"dst_port\"\n\"2026\",\"203.0.113.7\",\"46\"\n") ==
      "ip=203.0.113.7 ");
  CHECK(read("# ip, note\nexample.org\n###\n") == "domain=example.org ");
  CHECK(read("sha256_hash,file_name\n"
             "a3f5c0ffee11223344556677889900aabbccddeeff00112233445566778899aa,x.exe\n") ==
        "hash=a3f5c0ffee11223344556677889900aabbccddeeff00112233445566778899aa ");
  CHECK(read("\"a\",\"203.0.113.7\"\n") == "!1 ");
}

TEST_CASE("lists of spreadsheets in UTF-16, and binary data") {
  const std::string_view little(
      "\xFF\xFE"
      "1\0.\0"
      "1\0.\0"
      "1\0.\0"
      "7\0\n\0",
      18);
  CHECK(read(little) == "ip=1.1.1.7 ");
  const std::string_view no_text("203.0.113.7\nx\0y\n", 16);
  CHECK(read(no_text) == "ip=203.0.113.7 !2 ");
}

TEST_CASE("a list uploads no files") {
  CHECK(read("@/etc/passwd\n@README.md\n") == "!1 !2 ");
  CHECK(read("/etc/passwd\n./x\n../x\n") == "filename=/etc/passwd filename=./x filename=../x ");
  CHECK(read("C:/Users/x.exe\n") == "filename=C:/Users/x.exe ");
  CHECK(read("C:\\Windows\\evil.exe\n\\\\srv\\c$\\x.exe\n") ==
        "filename=C:\\Windows\\evil.exe filename=\\\\srv\\c$\\x.exe ");
  CHECK(read("{\"type\": \"file\", \"value\": \"/etc/passwd\"}") == "filename=/etc/passwd ");
  CHECK(read("value,type\n/etc/passwd,file\n@/etc/passwd,\n") == "filename=/etc/passwd !3 ");
  CHECK(read("/etc/passwd\n", "") == "filename=/etc/passwd ");
  CHECK(read("/etc/passwd", "file") == "file=/etc/passwd ");  // as --type says
}

TEST_CASE("observable list: notes behind a value") {
  CHECK(read("example[.]org   ; c2\nexample.net # c2\n203.0.113.7\t; c2\n") ==
        "domain=example.org domain=example.net ip=203.0.113.7 ");
}

TEST_CASE("observable list: documents of MISP and OTX") {
  CHECK(read(R"({"Event": {"info": "x", "Attribute": [{"type": "ip-dst", "value": "203.0.113.7"},
    {"type": "domain|ip", "data": "QUJD", "value": "example.org|203.0.113.8"}],
    "Object": [{"name": "file", "Attribute": [{"type": "md5",
      "value": "0f343b0931126a20f133d67c2b018a3b"}]}]}})") ==
        "ip=203.0.113.7 domain=example.org ip=203.0.113.8 hash=0f343b0931126a20f133d67c2b018a3b ");
  CHECK(read("{\"results\": [{\"name\": \"p\", \"indicators\": [\n"
             "{\"indicator\": \"203.0.113.7\", \"type\": \"IPv4\"}, \"example.org\", {\"x\": "
             "1}]}]}\n") == "ip=203.0.113.7 domain=example.org !4 ");
  CHECK(read(R"({"value": "203.0.113.7", "artifacts": []})") == "ip=203.0.113.7 ");
  CHECK(read(R"({"type": "ip-dst", "value": "203.0.113.7", "Event": {"info": "x"}})") ==
        "ip=203.0.113.7 ");
  CHECK(read(R"({"data": "203.0.113.7", "value": null})") == "ip=203.0.113.7 ");
  CHECK(read(R"({"data": "QUJD", "Value": "203.0.113.7"})") == "ip=203.0.113.7 ");
  CHECK(read("{\"objects\": [{\"x\": 1}, {\"x\": 2}]}\n{\"x\": 1}\n") == "!1 !1 !2 ");
  CHECK(read("# url, note\n{\"data\": \"http://a.example/x\", \"type\": \"url\"}\n") ==
        "url=http://a.example/x ");
  CHECK(read("value,type\nsomething,comment\n") == "!2 ");
  CHECK(read("{\"value\": \"203.0.113.7\"}") == "ip=203.0.113.7 ");
}

TEST_CASE("observable list: JSON Lines and arrays") {
  CHECK(read("{\"data\":\"203.0.113.7\",\"dataType\":\"ip\"}\n\"example.org\"\n{\"x\":1}\n{"
             "broken\n") == "ip=203.0.113.7 domain=example.org !3 !4 ");
  CHECK(read(R"([{"value":"example.org"}, "203.0.113.7", 7])") ==
        "domain=example.org ip=203.0.113.7 !3 ");
  CHECK(read("[2001:db8::1]") == "ip=2001:db8::1 ");
}

TEST_CASE("observable list: words of MISP, OTX and STIX") {
  const std::string sha256(64, 'a');
  CHECK(read("uuid,type,value\n1,ip-dst,192.0.2.1\n1,filename|sha256,\"a.exe|" + sha256 +
             "\"\n1,domain|ip,bad.example|192.0.2.2\n") ==
        "ip=192.0.2.1 filename=a.exe hash=" + sha256 + " domain=bad.example ip=192.0.2.2 ");
  CHECK(read("Indicator type,Indicator\nIPv4,192.0.2.1\nURL,http://bad.example/a\n") ==
        "ip=192.0.2.1 url=http://bad.example/a ");
  CHECK(read("{\"type\":\"ipv4-addr\",\"value\":\"192.0.2.1\"}\n"
             "{\"dataType\":\"IP\",\"data\":\"192.0.2.2\"}\n") == "ip=192.0.2.1 ip=192.0.2.2 ");
  CHECK(read(R"({"type":"bundle","objects":[{"type":"url","value":"http://bad.example/a"},)"
             R"({"type":"file","hashes":{"SHA-256":")" +
             sha256 + R"("}}]})") == "url=http://bad.example/a hash=" + sha256 + " ");
  CHECK(read("type,value\nno such word,192.0.2.1\n") == "ip=192.0.2.1 ");
  CHECK(read("192.0.2.1, 192.0.2.2\n192.0.2.3 # note\n") ==
        "ip=192.0.2.1 ip=192.0.2.2 ip=192.0.2.3 ");
}

TEST_CASE("STIX indicators say their values in patterns") {
  const std::string sha256(64, 'a');
  CHECK(read(R"({"type":"bundle","objects":[
    {"type":"identity","id":"identity--1","name":"x"},
    {"type":"indicator","id":"indicator--1","pattern":"[ipv4-addr:value = '192.0.2.1' OR domain-name:value = 'bad.example']"},
    {"type":"indicator","id":"indicator--2","pattern":"[file:hashes.'SHA-256' = ')" +
             sha256 + R"(' AND file:name = 'it\\'s.exe']"},
    {"type":"indicator","id":"indicator--3","pattern":"[url:value='http://bad.example/a?b=c']"},
    {"type":"relationship","id":"relationship--1","relationship_type":"indicates"}]})") ==
        "ip=192.0.2.1 domain=bad.example hash=" + sha256 +
            " filename=it's.exe url=http://bad.example/a?b=c ");
  CHECK(read("{\"pattern\":\"[ipv4-addr:value != '192.0.2.1']\"}\n") == "!1 ");
  CHECK(read("{\"pattern\":\"[ipv4-addr:value = '192.0.2.1\"}\n") == "!1 ");
}
