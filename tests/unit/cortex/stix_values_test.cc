// SPDX-License-Identifier: Apache-2.0
#include "cortex/stix_values.h"

#include <catch2/catch.hpp>

using namespace socbridge;

namespace {

// "type value" of each, a line each.
std::string in(std::string_view pattern) {
  std::string out;
  for (const auto& [type, value] : cortex::values_of_pattern(pattern)) {
    out += (out.empty() ? "" : "\n") + type + " " + value;
  }
  return out;
}

}  // namespace

TEST_CASE("stix values: each path has its type") {
  CHECK(in("[ipv4-addr:value = '192.0.2.1']") == "ip 192.0.2.1");
  CHECK(in("[ipv6-addr:value='2001:db8::1']") == "ip 2001:db8::1");
  CHECK(in("[domain-name:value = 'a.example']") == "domain a.example");
  CHECK(in("[hostname:value = 'pc']") == "hostname pc");
  CHECK(in("[url:value = 'http://a.example/?a=b']") == "url http://a.example/?a=b");
  CHECK(in("[email-addr:value = 'a@b.example']") == "mail a@b.example");
  CHECK(in("[email-message:subject = 's']") == "mail_subject s");
  CHECK(in("[email-message:from_ref.value = 's']") == "auto s");
  CHECK(in("[file:hashes.MD5 = 'x']") == "hash x");
  CHECK(in("[file:hashes.'SHA-256' = 'x']") == "hash x");
  CHECK(in("[file:name = 'a.exe']") == "filename a.exe");
  CHECK(in("[windows-registry-key:key = 'HKLM\\\\x']") == "registry HKLM\\x");
  CHECK(in("[mutex:name = 'x']") == "auto x");
}

TEST_CASE("every comparison of a pattern, whatever the context") {
  CHECK(in("[ipv4-addr:value = '1' OR (file:name='2' AND url:value =\n\t'3')] FOLLOWEDBY "
           "[domain-name:value == '4'] WITHIN 5 SECONDS") == "ip 1\nfilename 2\nurl 3\ndomain 4");
  CHECK(in("[ipv4-addr:value\r\n=\r\n'1'\r\nOR\r\nurl:value = '2']") == "ip 1\nurl 2");
}

TEST_CASE("stix values: other operators are ignored") {
  for (const char* pattern :
       {"[ipv4-addr:value != '1']", "[a:b > '1']", "[a:b <= '1']", "[a:b >= '1']",
        "[a:b IN ('1','2')]", "[a:b LIKE '%x=y%']", "[a:b MATCHES 'c:d = ']", "[a:b NOT = '1']",
        "[a:b = 1]", "[a:b = true]", "[a:b = h'00']"}) {
    CAPTURE(pattern);
    CHECK(in(pattern).empty());
  }
}

TEST_CASE("quotes and escapes are those of STIX") {
  CHECK(in(R"([file:name = 'a\'b\\c'])") == R"(filename a'b\c)");
  CHECK(in("[file:name = '[ipv4-addr:value = ']") == "filename [ipv4-addr:value = ");
  CHECK(in("[file:name = '']") == "filename ");
  CHECK(in("[file:name = 'x'][url:value='y']") == "filename x\nurl y");
}

TEST_CASE("an invalid or incomplete pattern gives the comparisons before the error") {
  for (const char* pattern : {"", "=", "'", "= 'x'", "a = 'x'", "[a:b =", "[a:b = 'x",
                              "[a:b = 'x\\", "[a:b ='x\\'", "====", "[]", "a:b"}) {
    CAPTURE(pattern);
    CHECK(in(pattern).empty());
  }
  CHECK(in("[ipv4-addr:value = '1' OR url:value = 'x") == "ip 1");
}

TEST_CASE("any bytes are accepted, and a long pattern takes linear time") {
  CHECK(in(std::string_view("[a:b = '\0\xff']", 13)) == "auto " + std::string("\0\xff", 2));
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "[ipv4-addr:value='" + std::to_string(i) + "'] OR ";
  CHECK(cortex::values_of_pattern(many).size() == 2000);
  std::string equals(20000, '=');
  CHECK(in(equals).empty());
  CHECK(in(std::string(20000, '\'')).empty());
}
