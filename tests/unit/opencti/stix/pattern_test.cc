// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/pattern.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using opencti::parse_pattern;

namespace {

// "type:path op value,value[ not][ part]" of each comparison.
std::vector<std::string> read(std::string_view text) {
  const auto pattern = parse_pattern(text);
  if (!pattern.ok()) return {"error: " + pattern.status().message()};
  std::vector<std::string> out;
  for (const opencti::Comparison& one : pattern->comparisons) {
    std::string line = one.type + ":" + one.path + " " + one.op;
    for (const std::string& value : one.values) line += " " + value;
    if (one.negated) line += " [not]";
    if (!one.alone) line += " [part]";
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("The forms that OpenCTI writes") {
  CHECK(read("[ipv4-addr:value = '198.51.100.7']") == Lines{"ipv4-addr:value = 198.51.100.7"});
  CHECK(read(R"([url:value = 'http://evil.example/a?b=\'c\'&d=1'])") ==
        Lines{"url:value = http://evil.example/a?b='c'&d=1"});
  CHECK(read(R"([file:name = 'C:\\Users\\o\'b\\x.exe'])") ==
        Lines{R"(file:name = C:\Users\o'b\x.exe)"});
  CHECK(read("[file:hashes.'SHA-256' = 'aa' OR file:hashes.MD5 = 'bb']") ==
        Lines{"file:hashes.SHA-256 = aa", "file:hashes.MD5 = bb"});
  CHECK(read("[autonomous-system:number = 64500]") == Lines{"autonomous-system:number = 64500"});
}

TEST_CASE("pattern: Negations are not positives") {
  CHECK(read("[ipv4-addr:value != '192.0.2.1' AND domain-name:value = 'm.example']") ==
        Lines{"ipv4-addr:value != 192.0.2.1 [not] [part]", "domain-name:value = m.example [part]"});
  CHECK(read("[ipv4-addr:value NOT  = '192.0.2.1']") == Lines{"ipv4-addr:value = 192.0.2.1 [not]"});
  CHECK(read("[NOT (a:b = '1' OR c:d != '2')]") ==
        Lines{"a:b = 1 [not] [part]", "c:d != 2 [part]"});
  CHECK(read("[NOT ipv4-addr:value = '1']") == Lines{"ipv4-addr:value = 1 [not]"});
}

TEST_CASE("pattern: properties that are always true") {
  CHECK(read("[a:b = '1' AND c:d = '2' OR e:f = '3']") ==
        Lines{"a:b = 1 [part]", "c:d = 2 [part]", "e:f = 3"});
  CHECK(read("[a:b = '1' OR c:d = '2' AND e:f = '3']") ==
        Lines{"a:b = 1", "c:d = 2 [part]", "e:f = 3 [part]"});
  CHECK(read("[a:b = '1'] OR [c:d = '2']") == Lines{"a:b = 1", "c:d = 2"});
  CHECK(read("[a:b = '1'] FOLLOWEDBY [c:d = '2']") == Lines{"a:b = 1 [part]", "c:d = 2 [part]"});
  CHECK(read("([a:b = '1'] AND [c:d = '2']) WITHIN 5 SECONDS OR [e:f = '3']") ==
        Lines{"a:b = 1 [part]", "c:d = 2 [part]", "e:f = 3"});
  CHECK(read("[a:b = '1'] REPEATS 3 TIMES") == Lines{"a:b = 1 [part]"});
  CHECK(read("[a:b = '1'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'") ==
        Lines{"a:b = 1 [part]"});
}

TEST_CASE("pattern: Lists, operators, paths, comments") {
  CHECK(read("[ipv4-addr:value IN ('1', '2')]") == Lines{"ipv4-addr:value IN 1 2"});
  CHECK(read("[ipv4-addr:value ISSUBSET '198.51.100.0/24']") ==
        Lines{"ipv4-addr:value ISSUBSET 198.51.100.0/24"});
  CHECK(read("[network-traffic:dst_ref.value = '1' /* here */ OR // there\n x:list[*].'a-b' LIKE "
             "'z%']") == Lines{"network-traffic:dst_ref.value = 1", "x:list[*].a-b LIKE z%"});
  CHECK(read("[a:b = true AND a:c >= 1.5 AND EXISTS a:d]") ==
        Lines{"a:b = true [part]", "a:c >= 1.5 [part]", "a:d EXISTS [part]"});
}

TEST_CASE("An invalid pattern is reported with its column") {
  CHECK(read("") == Lines{"error: column 1: expected ["});
  CHECK(read("[ipv4-addr:value = '1'") == Lines{"error: column 23: expected ]"});
  CHECK(read("[ipv4-addr:value = '1") == Lines{"error: column 20: a text without a closing quote"});
  CHECK(read("[a:b = '1'] x") ==
        Lines{"error: column 13: expected AND, OR, FOLLOWEDBY or the end"});
  CHECK(read("[a:b ~ '1']") ==
        Lines{"error: column 6: a character that is not allowed in a pattern"});
  CHECK(read("[a:b = 1 /* x]").front().starts_with("error: "));
  CHECK(read(std::string(100000, '(')).front() == "error: column 66: expected less nesting");
  CHECK(read("[" + std::string(100000, '(')).front().starts_with("error: "));
}

TEST_CASE("Escapes are read back as they were written") {
  for (const std::string value : {"it's", R"(a\b)", R"(\')", R"(\\'')", "", "plain"}) {
    const auto pattern = parse_pattern("[url:value = '" + opencti::escape_literal(value) + "']");
    REQUIRE(pattern.ok());
    CHECK(pattern->comparisons[0].values == std::vector<std::string>{value});
  }
}
