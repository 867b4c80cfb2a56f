// SPDX-License-Identifier: Apache-2.0
#include "term/safe_output.h"

#include <catch2/catch.hpp>

#include "term/terminal.h"

using namespace socbridge::term;

TEST_CASE("the program's own output is not escaped") {
  for (const char* text : {"", "a\tb\nc\n", "ü 😀 ⚠️\n", "\r  40%\x1b[K", "\x1b[H\x1b[2J"}) {
    CHECK(safe_output(text) == text);
  }
  for (const Style style : {Style::bold, Style::dim, Style::red, Style::green, Style::yellow,
                            Style::blue, Style::none}) {
    CHECK(safe_output(paint("x", style, true)) == paint("x", style, true));
  }
}

TEST_CASE("everything else that moves a cursor, hides or turns text shows as an escape") {
  CHECK(safe_output("a\rb") == "a\\rb");
  CHECK(safe_output("\x1b]0;title\x07") == "\\u{1b}]0;title\\u{7}");
  CHECK(safe_output("\x1b[31;1m") == "\\u{1b}[31;1m");
  CHECK(safe_output("\x1b") == "\\u{1b}");
  CHECK(safe_output("\xC2\x9B"
                    "2J\x7F") == "\\u{9b}2J\\u{7f}");
  CHECK(safe_output("\u202Eabc\u200B\n\U000E0041") == "\\u{202e}abc\\u{200b}\n\\u{e0041}");
  CHECK(safe_output("a\xFF\n") == "a\uFFFD\n");
}
