// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"

#include "parse.h"

using namespace socbridge::json;

TEST_CASE("two blanks a level, empty containers on their line") {
  CHECK(pretty(R"({"a":[1,{"b":"x, [y]"}],"c":{},"d":[]})") ==
        "{\n"
        "  \"a\": [\n"
        "    1,\n"
        "    {\n"
        "      \"b\": \"x, [y]\"\n"
        "    }\n"
        "  ],\n"
        "  \"c\": {},\n"
        "  \"d\": []\n"
        "}");
  CHECK(pretty("[]") == "[]");
  CHECK(pretty("12") == "12");
}

TEST_CASE("indenting again changes nothing, and strings keep their escapes") {
  const std::string once = pretty(R"({"a\"":["\\","\"{"],"n":[[[]]]})");
  CHECK(pretty(once) == once);
  CHECK(parsed(once).root().dump() == R"({"a\"":["\\","\"{"],"n":[[[]]]})");
}

TEST_CASE("text that is not JSON is returned unchanged") {
  for (const char* text : {"", "{", "[1]]", "\"open", "{\"a\" 1}", "nothing"}) {
    CHECK(pretty(text) == text);
  }
}

TEST_CASE("untrusted text is escaped where it could mislead a terminal") {
  CHECK(pretty("[\"a\u202E\x7F\",\"\u0085\"]") == "[\n  \"a\\u202e\\u007f\",\n  \"\\u0085\"\n]");
  CHECK(pretty("no JSON \x1b[2J \u202E\n") == "no JSON \\u001b[2J \\u202e\n");
}
