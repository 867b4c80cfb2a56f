// SPDX-License-Identifier: Apache-2.0
#include "json/abridge.h"

#include <catch2/catch.hpp>

#include "json/value.h"
#include "json/writer.h"

using namespace socbridge::json;

namespace {

std::string nested(std::size_t depth, std::string_view inside = "1") {
  return std::string(depth, '[') + std::string(inside) + std::string(depth, ']');
}

Document taken(std::string_view text) {
  auto document = Document::parse(text, ParseOptions::abridging());
  INFO(document.status().line());
  REQUIRE(document.ok());
  return std::move(*document);
}

std::size_t values_of(Value value) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < value.size(); ++i) count += values_of(value.value_at(i));
  return count;
}

std::string short_text(std::string_view text, const Bounds& bounds) {
  const Repaired out = abridge(text, bounds);
  INFO(out.text.substr(0, 200));
  CHECK(Document::parse(out.text).ok());
  return out.text;
}

Bounds small() {
  Bounds bounds;
  bounds.depth = 3;
  bounds.values = 6;
  bounds.all_values = 12;
  bounds.members = 8;
  bounds.string = 20;
  bounds.all_strings = 100;
  bounds.part = 10;
  return bounds;
}

}  // namespace

TEST_CASE("parts below 512 levels are kept as text, at any depth") {
  for (const std::size_t depth : {std::size_t{512}, std::size_t{513}, std::size_t{999},
                                  std::size_t{1000}, std::size_t{5000}, std::size_t{2000000}}) {
    const Document document = taken("{\"id\":\"1\",\"deep\":" + nested(depth) + ",\"last\":true}");
    CHECK(document.root()["id"].string() == "1");
    CHECK(document.root()["last"].boolean() == true);
    Value at = document.root()["deep"];
    std::size_t levels = 1;
    for (; at.is_array(); at = at.at(0)) ++levels;
    if (depth == 512) {
      CHECK(at.string() == "[1]");
    } else {
      CHECK(at.is_string());
      CHECK(at.string()->starts_with("[["));
      CHECK(at.string()->size() <= Bounds{}.part + 3);
    }
    CHECK(levels == 512);
  }
}

TEST_CASE("a text that is not deep is the same with and without bounds") {
  const std::string text =
      R"({"a":[1,2,{"b":"c, d: [e] {f}\" \\"}],"n":-1.5e3,"t":true,"z":null,"s":"ü\ud83d\ude00"})";
  CHECK(abridge(text, Bounds{}).text == text);
  CHECK(taken(text).root().dump() == Document::parse(text)->root().dump());
}

TEST_CASE("brackets that are never closed are an error, whatever their number") {
  for (const std::size_t depth : {std::size_t{600}, std::size_t{3000000}}) {
    CHECK_FALSE(Document::parse(std::string(depth, '['), ParseOptions::abridging()).ok());
    CHECK_FALSE(
        Document::parse(std::string(depth, '[') + "\"open", ParseOptions::abridging()).ok());
  }
}

TEST_CASE("values beyond the limits are omitted, with a mark") {
  CHECK(short_text(R"({"a":{"b":[1,2,3,4,5,6,7,8,9]},"c":1})", small()) ==
        R"({"a":{"b":[1,"…"]},"c":1})");
  CHECK(short_text(R"({"a":{"b":{"c":1,"d":2,"e":3,"f":4}},"z":"end"})", small()) ==
        R"({"a":{"b":{"c":1,"…":null}},"z":"end"})");
  CHECK(short_text(R"({"a":{"b":{"c":{"d":1234567890}}}})", small()) ==
        R"({"a":{"b":{"c":"{\"d\":12345…"}}})");
  CHECK(short_text(R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10})", small()) ==
        R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"…":null})");
}

TEST_CASE("long strings and numbers are truncated between characters and escapes") {
  CHECK(short_text("[\"" + std::string(21, 'x') + "\"]", small()) == "[\"xxxxxxxx…\"]");
  CHECK(short_text("[" + std::string(30, '7') + "]", small()) ==
        "[\"" + std::string(20, '7') + "…\"]");
  for (const std::string_view one :
       {"\\u00e4", "\\ud83d\\ude00", "\\\\", "\\\"", "ü", "\xF0\x9F\x98\x80"}) {
    for (std::size_t before = 0; before < 14; ++before) {
      std::string text = "[\"" + std::string(before, 'x');
      for (int i = 0; i < 12; ++i) text += one;
      const std::string out = short_text(text + "\"]", small());
      const auto document = Document::parse(out, {.repair_utf8 = false});
      REQUIRE(document.ok());
      CHECK(document->root().at(0).string()->ends_with("…"));
      CHECK(document->root().at(0).string()->find("\xEF\xBF\xBD") == std::string_view::npos);
    }
  }
}

TEST_CASE("what is kept in memory is bounded, whatever fills the text") {
  constexpr std::size_t kSize = std::size_t{6} << 20;
  const auto repeated = [&](std::string_view head, std::string_view one, std::string_view tail) {
    std::string text(head);
    while (text.size() < kSize) text += one;
    return text.append(tail);
  };
  for (const std::string& text :
       {repeated("{\"a\":[1", ",1", "]}"), repeated("[{}", ",{}", "]"),
        repeated("{\"x\":{\"y\":{\"k\":0", ",\"k\":0", "}}}"),
        repeated("{\"a\":[\"\"", ",\"abcdefgh\"", "]}"), repeated("[[]", ",[[[[1]]]]", "]"),
        repeated("{\"a\":0", ",\"a\":[1,[2,[3]]]", "}"), nested(kSize / 2),
        "[\"" + std::string(kSize, 'x') + "\"]", "[" + std::string(kSize, ' ') + "1]"}) {
    const Document document = taken(text);
    CHECK(values_of(document.root()) <= 3 * Bounds{}.all_values);
    CHECK(document.root().dump().size() <= Bounds{}.all_strings + (std::size_t{1} << 20));
  }
}

TEST_CASE("an error has its position in the complete text") {
  const std::string text = "{\"deep\":" + nested(600) + ",\n \"bad\":x}";
  const auto document = Document::parse(text, ParseOptions::abridging());
  CHECK(document.status().message() == "line 2, column 8: this is not a JSON value");
}

TEST_CASE("invalid UTF-8 is repaired in deep and large text too") {
  const Document deep = taken("{\"deep\":" + nested(600, "\"\xFF\"") + ",\"s\":\"\xFC\"}");
  CHECK(deep.root()["s"].string() == "\xEF\xBF\xBD");
  const Document large = taken("[\"" + std::string(std::size_t{5} << 20, '\xFF') + "\"]");
  CHECK(large.root().at(0).string()->ends_with("\xEF\xBF\xBD…"));
}

TEST_CASE("a member full of values does not push out the members behind it") {
  std::string many = "\"k0\":0";
  for (int i = 1; i < 300000; ++i) many += ",\"k" + std::to_string(i) + "\":" + std::to_string(i);
  for (const std::string& data :
       {"{" + many + "}", "[{" + many + "}]", "{\"a\":{\"b\":{" + many + "}}}"}) {
    const Document document = taken("{\"data\":" + data + ",\"location\":\"end\"}");
    CHECK(document.root()["location"].string() == "end");
    const Document wrapped =
        taken("{\"_source\":{\"data\":" + data + ",\"location\":\"end\"},\"_id\":\"x\"}");
    CHECK(wrapped.root()["_source"]["location"].string() == "end");
    CHECK(wrapped.root()["_id"].string() == "x");
  }
}

TEST_CASE("only items that are too deep are omitted from a list") {
  std::string many = "[" + nested(600);
  for (int i = 0; i < 400000; ++i) many += ",1";
  const auto list = parse_deep(many + "]");
  REQUIRE(list.ok());
  CHECK(list->root().size() == 400001);
  CHECK(parse_deep("[1,").status().message() == Document::parse("[1,").status().message());
}

TEST_CASE("the result is at most twice as long, control characters included") {
  Bounds bounds;
  bounds.string = 40;
  const std::string nuls = "{" + std::string(58, '\0');
  CHECK(abridge(nuls, bounds).text.size() <= 2 * nuls.size() + 2);
}

TEST_CASE("a cut between invalid UTF-8 bytes keeps the escape before them complete") {
  Bounds bounds;
  bounds.string = 24;
  const std::string text = "[\"\\ud800" + std::string(40, '\x99') + "\"]";
  REQUIRE(Document::parse(text).ok());
  CHECK(Document::parse(abridge(text, bounds).text).ok());
}
