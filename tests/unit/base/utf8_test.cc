// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace socbridge;

TEST_CASE("every code point is written and read back, surrogates are none") {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string text;
    append_utf8(text, c);
    const CodePoint back = decode_utf8(text, 0);
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (back.valid == surrogate || (back.valid && (back.value != c || back.size != text.size()))) {
      FAIL("code point " << c);
    }
  }
}

TEST_CASE("invalid UTF-8 is consumed in the longest invalid parts") {
  struct Row {
    const char* bytes;
    std::size_t size;
  };
  for (const Row& row : {Row{"\x80", 1}, Row{"\xC0\x80", 1}, Row{"\xC1\xBF", 1}, Row{"\xC3", 1},
                         Row{"\xC3(", 1}, Row{"\xE0\x80\x80", 1}, Row{"\xE2\x82", 2},
                         Row{"\xED\xA0\x80", 1}, Row{"\xF0\x9F\x98", 3}, Row{"\xF0\x80\x80\x80", 1},
                         Row{"\xF4\x90\x80\x80", 1}, Row{"\xF5\x80", 1}, Row{"\xFF", 1}}) {
    CAPTURE(row.bytes);
    const CodePoint read = decode_utf8(row.bytes, 0);
    CHECK_FALSE(read.valid);
    CHECK(read.size == row.size);
    CHECK_FALSE(is_valid_utf8(row.bytes));
  }
}

TEST_CASE("one replacement character for each invalid part") {
  CHECK(repair_utf8("a\xFF\xFE"
                    "b") ==
        "a\xEF\xBF\xBD\xEF\xBF\xBD"
        "b");
  CHECK(repair_utf8("a\xF0\x9F\x98"
                    "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(repair_utf8("caf\xC3\xA9") == "caf\xC3\xA9");
}

TEST_CASE("lengths are those of the JVM, and no character is split") {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80z";  // a, é, an emoji, z
  CHECK(utf16_length(text) == 5);
  CHECK(truncate_utf16(text, 5) == text);
  CHECK(truncate_utf16(text, 4) == "a\xC3\xA9…");  // no room for both halves of the emoji
  CHECK(truncate_utf16(text, 3) == "a\xC3\xA9…");
  CHECK(truncate_utf16(text, 1) == "…");
  CHECK(truncate_utf16(text, 0).empty());
}
