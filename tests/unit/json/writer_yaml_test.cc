// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"

#include "parse.h"

using namespace socbridge::json;

namespace {
std::string yaml(std::string_view json) { return to_yaml(parsed(json).root()); }
}  // namespace

TEST_CASE("writer yaml: block style for nested values") {
  CHECK(
      yaml(
          R"({"a":1,"list":["x",{"k":true,"l":null},[1,[2]],[],{}],"o":{"p":{"q":"r"}},"e":{}})") ==
      "a: 1\n"
      "list:\n"
      "  - x\n"
      "  - k: true\n"
      "    l: null\n"
      "  - - 1\n"
      "    - - 2\n"
      "  - []\n"
      "  - {}\n"
      "o:\n"
      "  p:\n"
      "    q: r\n"
      "e: {}\n");
}

TEST_CASE("scalars and empty containers at the top") {
  CHECK(yaml("\"x\"") == "x\n");
  CHECK(yaml("1.50") == "1.50\n");
  CHECK(yaml("[]") == "[]\n");
  CHECK(to_yaml(Value()) == "null\n");
}

TEST_CASE("writer yaml: plain strings stay plain") {
  for (const std::string text : {"abc", "a b", "a:b", "http://192.0.2.1:80/x", "a#b", "x-y", "grün",
                                 "C\\x", "it's", "nullable", "T1110.001", "a, b", "w2thive"}) {
    CHECK(yaml(quote(text)) == text + "\n");
  }
}

TEST_CASE("strings that YAML would read as another type are quoted") {
  for (const std::string text :
       {"",    " ",   "null", "Null",       "~",        "true",       "FALSE", "yes",       "No",
        "on",  "off", "y",    "N",          ".inf",     ".NaN",       "12",    "-1",        "+1",
        "1.5", ".5",  "0x1f", "1_000",      "12:30:45", "2025-03-14", "1e3",   "192.0.2.1", "- x",
        "-x",  "?",   ": x",  "key: value", "a:",       "a #b",       "#x",    "[x",        "]",
        "{x",  "}",   ",x",   "&x",         "*x",       "!x",         "|",     ">",         "'x",
        "%x",  "@x",  "`x",   " lead",      "trail ",   "---",        "...",   "=",         "<<"}) {
    INFO(text);
    CHECK(yaml(quote(text)) == "\"" + text + "\"\n");
  }
}

TEST_CASE("strings with line breaks and controls are quoted with escapes") {
  CHECK(yaml(R"("a\nb")") == "\"a\\nb\"\n");
  CHECK(yaml(R"("a\tb\"c\\")") == "\"a\\tb\\\"c\\\\\"\n");
  CHECK(yaml(R"("\u0001\u001b[31m")") == "\"\\u0001\\u001b[31m\"\n");
  CHECK(yaml(R"("\u007f\u0085\u2028\ufeff")") == "\"\\u007f\\u0085\\u2028\\ufeff\"\n");
  CHECK(yaml(R"("a\u202e\udb40\udc41b")") == "\"a\\u202e\\U000e0041b\"\n");
  CHECK(yaml(R"({"a\nb":"x","yes":1,"- k":2})") == "\"a\\nb\": x\n\"yes\": 1\n\"- k\": 2\n");
}

TEST_CASE("of duplicate names only the first is written") {
  CHECK(yaml(R"({"a":1,"a":2,"b":3})") == "a: 1\nb: 3\n");
}
