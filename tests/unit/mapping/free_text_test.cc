// SPDX-License-Identifier: Apache-2.0
#include "mapping/free_text.h"

#include "base/joined.h"
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

std::vector<thehive::Observable> searched(std::string_view text, Options options = {}) {
  const wazuh::Alert alert = with_data("{}");
  Collector collector(alert, options, nullptr);
  search_text(text, {"data", "log"}, collector);
  return collector.take().observables;
}

// "type value" of each, in order.
std::string in(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& one : searched(text)) {
    CHECK(has_tag(one.tags, "from-text"));
    out.push_back(one.data_type + " " + one.data);
  }
  return joined(out);
}

}  // namespace

TEST_CASE("free text: leaves that are complete addresses") {
  for (const char* text : {"203.0.113.9", "203.0.113.9:22", "2001:db8::1", "[3fff::1]:443",
                           "fd00::1", "fc12:3::4", "::ffff:203.0.113.9"}) {
    CAPTURE(text);
    CHECK(is_sure_address(text));
  }
  // Times and counters look like IPv6.
  for (const char* text : {"", "::1", "::", "12::34", "a::b", "fe80::1", "7:40:01", "203.0.113",
                           "203.0.113.256", "203.0.113.9/24", "20::1", "200:db8::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_sure_address(text));
  }
}

TEST_CASE("values are found between delimiters of a text") {
  CHECK(in("from 203.0.113.9, to 203.0.113.10.") == "ip 203.0.113.9, ip 203.0.113.10");
  CHECK(in("rhost=203.0.113.9 [CLIENT: 203.0.113.10] (203.0.113.11)") ==
        "ip 203.0.113.9, ip 203.0.113.10, ip 203.0.113.11");
  CHECK(in("get \"http://Evil.example/a?b=1\".") == "url http://evil.example/a?b=1");
  CHECK(in("DownloadString('http://evil.example/x.ps1')") == "url http://evil.example/x.ps1");
  CHECK(in("(http://evil.example/x_(1))") == "url http://evil.example/x_(1)");
  CHECK(in("at xxhttp://evil.example/ or *https://evil.example/").find("xxhttp") ==
        std::string::npos);
  CHECK(in("").empty());
  CHECK(in(" \t\r\n\"'`<>|;,{}\\^").empty());
  CHECK(in("no value, nothing: here = x").empty());
}

TEST_CASE("hashes need a digit and a letter, and the length of one") {
  const std::string md5 = "0123456789abcdef0123456789ABCDEF";
  CHECK(in("x " + md5 + " y") == "hash 0123456789abcdef0123456789abcdef");
  CHECK(in("MD5=" + md5) == "hash 0123456789abcdef0123456789abcdef");
  CHECK(in("sha256:" + md5 + md5) == "hash " + std::string("0123456789abcdef0123456789abcdef") +
                                         "0123456789abcdef0123456789abcdef");
  CHECK(in(std::string(32, '1')).empty());
  CHECK(in(std::string(32, 'a')).empty());
  CHECK(in(md5 + "0").empty());
  CHECK(in("d41d8cd98f00b204e9800998ecf8427e").empty());  // of the empty file
}

TEST_CASE("free text: defanged forms of every type") {
  CHECK(in("203.0.113[.]9") == "ip 203.0.113.9");
  CHECK(in("evil[.]example") == "domain evil.example");
  CHECK(in("hxxps[:]//evil[.]example/x") == "url https://evil.example/x");
  CHECK(in("ana@evil[.]example") == "mail ana@evil.example");
  CHECK(in("a[.]").empty());
  CHECK(in("[.]").empty());
}

TEST_CASE("a version number is not an address, wherever the word is") {
  for (const char* text :
       {"version 4.8.1.2", "Version: 4.8.1.2", "ver 4.8.1.2", "build (4.8.1.2)",
        "first line\nversion 4.8.1.2", "name,version 4.8.1.2", "Version=4.8.1.2, Culture=neutral",
        "release =  4.8.1.2", "{\"version\":\"4.8.1.2\"}", "version 1.1.1.1"}) {
    CAPTURE(text);
    CHECK(in(text).empty());
  }
  CHECK(in("conversion 4.8.1.2") == "ip 4.8.1.2");
  CHECK(in("version rhost=4.8.1.2") == "ip 4.8.1.2");
  CHECK(in("version of 4.8.1.2") == "ip 4.8.1.2");
}

TEST_CASE("a product's console is not a finding, a URL with it as user is") {
  CHECK(in("see https://www.virustotal.com/gui/x").empty());
  CHECK(in("see http://virustotal.com:80@evil.example/x") ==
        "url http://virustotal.com:80@evil.example/x");
}

TEST_CASE("free text: existing values are not changed") {
  const wazuh::Alert alert = with_data("{}");
  const Options options;
  Collector collector(alert, options, nullptr);
  REQUIRE(collector.offer({"data", "srcip"}, "ip", "203.0.113.9"));
  search_text("from 203.0.113.9", {"data", "log"}, collector);
  const auto all = collector.take().observables;
  REQUIRE(all.size() == 1);
  CHECK(all[0].message == "From data.srcip");
  CHECK(all[0].tags.empty());
}

TEST_CASE("one alert gives at most 50 values of text, and 64 KiB of a text are read") {
  std::string many;
  for (int i = 1; i <= 200; ++i) many += "203.0.113." + std::to_string(i) + " ";
  CHECK(searched(many).size() == 50);
  // Omitted values do not count.
  std::string useless;
  for (int i = 0; i < 200; ++i) useless += "127.0.0." + std::to_string(i) + " ";
  CHECK(searched(useless + "203.0.113.9").size() == 1);
  const std::string blanks(65536 - 12, ' ');
  CHECK(in(blanks + "203.0.113.77") == "ip 203.0.113.77");
  CHECK(in(blanks + " 203.0.113.77") == "ip 203.0.113.7");
}

TEST_CASE("free text: any bytes are read") {
  CHECK(in(std::string_view("\0\xFF\xFE 203.0.113.9 \0", 17)) == "ip 203.0.113.9");
  CHECK(in("\xC3(203.0.113.9\xA9)").empty());
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(in(all).empty());
  CHECK(in(std::string(65536, '(')).empty());
  CHECK(in(std::string(65536, ']')).empty());
}
