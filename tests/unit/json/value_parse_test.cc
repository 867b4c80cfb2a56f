// SPDX-License-Identifier: Apache-2.0
#include "parse.h"

using namespace socbridge::json;
using namespace std::string_literals;

TEST_CASE("value parse: a document of every type") {
  const Document d = parsed(R"( {"s":"x","n":1.5,"t":true,"f":false,"z":null,"a":[1,[]],"o":{}} )");
  const Value v = d.root();
  CHECK(v.size() == 7);
  CHECK(v["s"].string() == "x");
  CHECK(v["n"].number() == 1.5);
  CHECK(v["t"].boolean() == true);
  CHECK(v["f"].boolean() == false);
  CHECK(v["z"].type() == Type::null);
  CHECK(v["a"].at(1).type() == Type::array);
  CHECK(v["o"].type() == Type::object);
}

TEST_CASE("value parse: a document without text has no root") {
  CHECK(Document().root().missing());
}

TEST_CASE("views survive the move of their document") {
  Document a = parsed(R"({"k":"v"})");
  const Value v = a.root()["k"];
  const Document b = std::move(a);
  CHECK(v.string() == "v");
  CHECK(b.root()["k"].string() == "v");
}

TEST_CASE("value parse: errors name line and column") {
  CHECK(parse_error("") == "line 1, column 1: the text is empty");
  CHECK(parse_error(" \n ") == "line 2, column 2: the text is empty");
  CHECK(parse_error("{\"a\":1,\n \"b\" 2}") == "line 2, column 6: expected ':' after the name");
  CHECK(parse_error("{a:1}") == "line 1, column 2: expected a name in double quotes");
  CHECK(parse_error("[1 2]") == "line 1, column 4: expected ',' or ']'");
  CHECK(parse_error("{\"a\":1 \"b\":2}") == "line 1, column 8: expected ',' or '}'");
  CHECK(parse_error("{\"a\":") == "line 1, column 6: this is not a JSON value");
  CHECK(parse_error("[1,]") == "line 1, column 4: this is not a JSON value");
  CHECK(parse_error("[NaN]") == "line 1, column 2: this is not a JSON value");
  CHECK(parse_error("[-Infinity]").find("not a JSON value") != std::string::npos);
  CHECK(parse_error(R"(["\x41"])") == "line 1, column 3: unknown escape in a string");
  CHECK(parse_error(R"(["\u12G4"])") == "line 1, column 3: \\u needs four hex digits");
  CHECK(parse_error("[\"abc").find("no closing quote") != std::string::npos);
  CHECK(parse_error("** Alert 1736950123.4567: - syslog").starts_with("line 1, column 1:"));
  CHECK(parse_error("[01]").starts_with("line 1, column 3:"));
  CHECK(parse_error("[1.]") == "line 1, column 4: expected a digit after the decimal point");
  CHECK(parse_error("[1e]") == "line 1, column 4: expected a digit in the exponent");
}

TEST_CASE("positions are those of the original text, also after repairs") {
  CHECK(parse_error("[\"a\x01\x02\",\n \xFF]") == "line 2, column 2: this is not a JSON value");
  CHECK(parse_error("[\"\xFF\xFE\xFD\" 1]") == "line 1, column 8: expected ',' or ']'");
  CHECK(parse_error("[1e400 2]") == "line 1, column 8: expected ',' or ']'");
}

TEST_CASE("value parse: a byte-order mark is skipped") {
  CHECK(parsed("\xEF\xBB\xBF{\"a\":1}").root()["a"].integer() == 1);
}

TEST_CASE("NUL bytes are errors, never the end of the text") {
  CHECK(parse_error("{\"a\":1}\0{"s) == "line 1, column 8: a NUL byte");
  CHECK(parse_error("[\"a\0b\"]"s) == "line 1, column 4: a NUL byte");
  CHECK(parse_error("\0"s) == "line 1, column 1: a NUL byte");
  CHECK(parsed(R"(["a\u0000b"])").root().at(0).string() == "a\0b"s);
}

TEST_CASE("bytes behind the first value are an error unless allowed") {
  CHECK(parse_error("{} x") == "line 1, column 4: text after the end of the JSON value");
  ParseOptions options;
  options.allow_trailing = true;
  CHECK(parsed("[1] x", options).root().at(0).integer() == 1);
  CHECK(parsed("[1]\0\xFF"s, options).root().at(0).integer() == 1);
  CHECK(parse_error("[1\0]"s, options) == "line 1, column 3: a NUL byte");
}

TEST_CASE("comments and trailing commas only where they are allowed") {
  const std::string text = "// \"one\n{/* two \x01 */ \"a\": [1, 2,], // three\n\"b\": 3,}\n";
  CHECK(parse_error(text).starts_with("line 1, column 1:"));
  const Document d = parsed(text, with_comments());
  CHECK(d.root()["a"].size() == 2);
  CHECK(d.root()["b"].integer() == 3);
  CHECK_FALSE(parse_error("{} /* never closed", with_comments()).empty());
}

TEST_CASE("with comments a line break in a string is a missing quote") {
  CHECK(parse_error("{\"a\": \"x,\n\"b\": \"y\"}", with_comments()) ==
        "line 1, column 10: a string has no closing quote");
}

TEST_CASE("value parse: depth is limited and never crashes") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(parse_error(nested(512)).empty());
  CHECK(parse_error(nested(513)) == "line 1, column 513: nested too deeply");
  CHECK(parse_error(nested(100000)) == "line 1, column 513: nested too deeply");
  CHECK(parse_error(std::string(100000, '[')).find("nested too deeply") != std::string::npos);
  ParseOptions options;
  options.max_depth = 1000000;
  CHECK(parse_error(nested(1024), options).empty());
  CHECK(parse_error(nested(1025), options).find("nested too deeply") != std::string::npos);
  CHECK(parsed(nested(1024), options).root().dump() == nested(1024));
}

TEST_CASE("value parse: size is limited") {
  ParseOptions options;
  options.max_bytes = 4;
  CHECK(parse_error("[12]", options).empty());
  CHECK(parse_error("[123]", options) == "line 1, column 1: larger than allowed");
}

TEST_CASE("many small and large containers keep their places") {
  std::string text = "[";
  for (int i = 0; i < 3000; ++i) {
    text += (i == 0 ? "" : ",") + std::string("{\"i\":") + std::to_string(i) + ",\"l\":[1,2,3]}";
  }
  text += "]";
  const Document d = parsed(text);
  REQUIRE(d.root().size() == 3000);
  for (std::size_t i = 0; i < 3000; ++i) {
    REQUIRE(d.root().at(i)["i"].integer() == static_cast<std::int64_t>(i));
    REQUIRE(d.root().at(i)["l"].at(2).integer() == 3);
  }
  CHECK(d.root().dump() == text);
}

TEST_CASE("a raw control character is detected at any position of a string") {
  for (std::size_t before = 0; before <= 40; ++before) {
    for (char c = 1; c < 0x20; ++c) {
      const std::string inside = std::string(before, 'x') + c + "y";
      const std::string text = "{\"a\":\"" + inside + "\",\"b\":[\"" + inside + "\"]}";
      const auto document = Document::parse(text);
      if (!document.ok()) FAIL("byte " << int{c} << " behind " << before << " others");
      CHECK(document->root()["a"].string() == inside);
      CHECK(document->root()["b"].at(0).string() == inside);
      // Not where a person wrote it: there it is a mistake.
      if (c == '\t') continue;
      ParseOptions config;
      config.comments = true;
      const auto refused = Document::parse(text, config);
      if (refused.ok()) FAIL("byte " << int{c} << " behind " << before << " others");
      CHECK(refused.status().message().starts_with("line 1, column " + std::to_string(before + 7) +
                                                   ":"));
    }
  }
}

TEST_CASE("strings of every length, with an escape at every place") {
  for (std::size_t size = 0; size <= 70; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      const std::string head(at, 'h');
      const std::string tail(size - at, 't');
      const std::string text = "[\"" + head + "\\u00fc\\n" + tail + "\", \"" + tail + "\",\n\t7]";
      const auto document = Document::parse(text);
      REQUIRE(document.ok());
      if (document->root().at(0).string() != head + "\u00fc\n" + tail ||
          document->root().at(1).string() != tail || document->root().at(2).integer() != 7) {
        FAIL(text);
      }
    }
  }
}
