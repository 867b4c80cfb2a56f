// SPDX-License-Identifier: Apache-2.0
#include "term/terminal.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge;
using namespace socbridge::term;

TEST_CASE("columns: wide characters take two, combining ones none") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("caf\xC3\xA9") == 4);
  CHECK(display_width("cafe\xCC\x81") == 4);              // e and an accent
  CHECK(display_width("\xE6\xBC\xA2\xE5\xAD\x97") == 4);  // two Chinese characters
  CHECK(display_width("a\xE2\x80\x8B"
                      "b") == 2);  // a zero-width space
}

TEST_CASE("text is only painted with colour, and ends unpainted") {
  CHECK(paint("x", Style::red, false) == "x");
  CHECK(paint("x", Style::none, true) == "x");
  for (const Style style :
       {Style::bold, Style::dim, Style::red, Style::green, Style::yellow, Style::blue}) {
    const std::string painted = paint("x", style, true);
    CHECK_THAT(painted,
               Catch::StartsWith("\x1b[") && Catch::Contains("mx") && Catch::EndsWith("\x1b[0m"));
  }
}

TEST_CASE("formats, and the nearest one to a slip") {
  CHECK(parse_format("table").value() == Format::table);
  CHECK(parse_format("yaml").value() == Format::yaml);
  const Status slip = parse_format("jsn").status();
  CHECK(slip.code() == ExitCode::usage);
  CHECK_THAT(slip.line(), Catch::Contains("json"));
  CHECK_FALSE(parse_format("").ok());
  CHECK_FALSE(parse_format("JSON").ok());
}
