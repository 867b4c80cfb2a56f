// SPDX-License-Identifier: Apache-2.0
#include "observable/refang.h"

#include <catch2/catch.hpp>
#include <string>

using socbridge::observable::refang;

TEST_CASE("refang: defanging in reports is reverted") {
  struct Row {
    const char *given, *wanted;
  };
  for (const Row& row :
       {Row{"hxxps://bad[.]example[/]a", "https://bad.example/a"},
        Row{"HXXP[://]bad(dot)example", "http://bad.example"},
        Row{"fxp://bad{.}example", "ftp://bad.example"},
        Row{"meow://bad.example", "http://bad.example"}, Row{"203[.]0[.]113[.]9", "203.0.113.9"},
        Row{"203.0.113[.9", "203.0.113.9"}, Row{"203.0.113.]9", "203.0.113.9"},
        Row{R"(203\.0\.113\.9)", "203.0.113.9"}, Row{"ana[at]example[d]com", "ana@example.com"},
        Row{"ana(@)example.com", "ana@example.com"},
        Row{"bad.example[:]8080", "bad.example:8080"}}) {
    CAPTURE(row.given);
    CHECK(refang(row.given) == row.wanted);
  }
}

TEST_CASE("refang: surrounding punctuation is removed") {
  CHECK(refang("  \"bad.example\",") == "bad.example");
  CHECK(refang("<https://bad.example/>.") == "https://bad.example/");
  CHECK(refang("'bad.example'?!") == "bad.example");
  CHECK(refang("Eve <eve@bad.example>") == "Eve <eve@bad.example>");  // a name with an address
  CHECK(refang("bad.example...") == "bad.example");
  CHECK(refang(" \"'`<>,;!? ").empty());
  CHECK(refang("").empty());
}

TEST_CASE("refang: other values are returned unchanged") {
  for (const char* text : {"[2001:db8::1]", "[2001:db8::1]:443", "hxxp is a word", "hxxpx://a",
                           "C:\\Windows\\a.exe", "a(b)c", "d41d8cd98f00b204e9800998ecf8427e"}) {
    CAPTURE(text);
    CHECK(refang(text) == text);
  }
}
