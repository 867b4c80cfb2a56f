// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <catch2/catch.hpp>

#include "base/utf8.h"
#include "support/each_byte.h"

using namespace socbridge;

TEST_CASE("invalid UTF-8 becomes U+FFFD, one for each maximal part") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(repair_utf8("plain") == "plain");
  CHECK(repair_utf8("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  CHECK(repair_utf8("a\xFC"
                    "b") == "a" + bad + "b");                       // latin-1
  CHECK(repair_utf8("\xC0\xAF") == bad + bad);                      // overlong
  CHECK(repair_utf8("\xED\xA0\x80") == bad + bad + bad);            // surrogate
  CHECK(repair_utf8("\xF0\x9F\x98") == bad);                        // cut off
  CHECK(repair_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad);  // above U+10FFFF
  CHECK_FALSE(is_valid_utf8("\x80"));
  CHECK(is_valid_utf8("\xF0\x9F\x98\x80"));
}

TEST_CASE("texts are truncated by UTF-16 units and never inside a character") {
  CHECK(utf16_length("a\xC3\xBC\xE2\x82\xAC") == 3);
  CHECK(utf16_length("\xF0\x9F\x98\x80") == 2);
  CHECK(truncate_utf16("abcdef", 6) == "abcdef");
  CHECK(truncate_utf16("abcdef", 4) == "abc…");
  CHECK(truncate_utf16("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 3) == "\xF0\x9F\x98\x80…");
  CHECK(truncate_utf16("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 2) == "…");
  CHECK(truncate_utf16("abc", 0).empty());
  std::string text;
  for (int i = 0; i < 50; ++i) text += "x\xF0\x9F\x98\x80\xC3\xBC";
  for (std::size_t units = 0; units <= 200; ++units) {
    const std::string cut = truncate_utf16(text, units);
    CHECK(utf16_length(cut) <= units);
    CHECK(is_valid_utf8(cut));
  }
}

TEST_CASE("printed text cannot move the cursor or change the direction") {
  CHECK(printable("a\nb\tc") == "a\\nb\\tc");
  CHECK(printable("\x1b[31m") == "\\u{1b}[31m");
  CHECK(printable("\xE2\x80\xAE") == "\\u{202e}");
  CHECK(printable(std::string_view("\0", 1)) == "\\u{0}");
  CHECK(printable("\xFF") == "\xEF\xBF\xBD");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("\xC3\xBC\xF0\x9F\x98\x80") == "\xC3\xBC\xF0\x9F\x98\x80");
}

TEST_CASE("text: numbers, words and parts") {
  CHECK(parse_u64("18446744073709551615") == UINT64_MAX);
  CHECK_FALSE(parse_u64("18446744073709551616"));
  CHECK_FALSE(parse_u64(""));
  CHECK_FALSE(parse_u64("+1"));
  CHECK_FALSE(parse_u64(" 1"));
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',').size() == 1);
  CHECK(iequals("AbC", "aBc"));
  CHECK(istarts_with("HTTPS://x", "https://"));
}

TEST_CASE("the nearest word is offered only if it is near") {
  CHECK(nearest("spol_dir", {"spool_dir", "source"}) == "spool_dir");
  CHECK(nearest("mpa", {"map", "send"}) == "map");
  CHECK(nearest("xyzzy", {"map", "send"}).empty());
  CHECK(nearest("", {"map"}).empty());
}

TEST_CASE("each byte is detected at any position") {
  with_each_byte([](const std::string& text, int value, std::size_t at) {
    const bool plain = value >= ' ' && value <= '~';
    const bool ascii = value < 0x80;
    if (is_valid_utf8(text) != ascii) FAIL("is_valid_utf8: byte " << value << " at " << at);
    if ((printable(text) == text) != plain) FAIL("printable: byte " << value << " at " << at);
    if (utf16_length(text) != text.size()) FAIL("utf16_length: byte " << value << " at " << at);
  });
  const std::string text(40, 'a');
  for (std::size_t most = 0; most < 40; ++most) {
    CHECK(printable(text, most) == text.substr(0, most) + "…");
  }
  CHECK(printable(text, 40) == text);
  CHECK(printable(text, SIZE_MAX) == text);
}

TEST_CASE("text: bytes as hex digits") {
  CHECK(to_hex("") == "");
  CHECK(to_hex(std::string_view("\x00\x0f\xa5\xff", 4)) == "000fa5ff");
}

TEST_CASE("untrusted text in a message is quoted, printable and short") {
  CHECK(quoted("a b") == "\"a b\"");
  CHECK(quoted("") == "\"\"");
  CHECK(quoted("\x1b[2J\n") == "\"\\u{1b}[2J\\n\"");
  CHECK(quoted(std::string(500, 'x')).size() < 70);
  CHECK(quoted("\xff") == "\"\xef\xbf\xbd\"");
}

TEST_CASE("text: upper and lower case of ASCII only") {
  CHECK(ascii_upper("az_9\xC3\xBC") == "AZ_9\xC3\xBC");
  CHECK(ascii_lower("AZ[\xC3\x9C") == "az[\xC3\x9C");
}
