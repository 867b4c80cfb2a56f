// SPDX-License-Identifier: Apache-2.0
#include "base/unprintable.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "base/utf8.h"

using namespace socbridge;

TEST_CASE("each character that can mislead a terminal or a reader is one") {
  for (std::uint32_t c = 0; c < 0x20; ++c) CHECK(is_unprintable(c));
  for (std::uint32_t c = 0x7F; c < 0xA0; ++c) CHECK(is_unprintable(c));
  for (const std::uint32_t c :
       {0xADU,   0x61CU,  0x180EU, 0x200BU,  0x200EU,  0x200FU,  0x2028U,  0x2029U,  0x202AU,
        0x202EU, 0x2060U, 0x2066U, 0x2069U,  0x206FU,  0x3164U,  0xFEFFU,  0xFFF9U,  0xFFFBU,
        0xFFFEU, 0xFFFFU, 0xFDD0U, 0x1FFFEU, 0xE0001U, 0xE0041U, 0xE007FU, 0xE0100U, 0x10FFFFU}) {
    INFO(std::hex << c);
    CHECK(is_unprintable(c));
    std::string text = "a";
    append_utf8(text, c);
    CHECK(printable(text).find("\\u{") == 1);
  }
}

TEST_CASE("ordinary text has no unprintable characters") {
  for (const std::uint32_t c : {0x20U, 0x41U, 0x7EU, 0xA0U, 0xE4U, 0x3B1U, 0x5D0U, 0x627U, 0x4E00U,
                                0xFE0FU, 0xFFFDU, 0x1F600U, 0x2014U, 0x2026U, 0x20ACU}) {
    INFO(std::hex << c);
    CHECK_FALSE(is_unprintable(c));
  }
}
