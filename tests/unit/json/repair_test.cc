// SPDX-License-Identifier: Apache-2.0
#include "json/repair.h"

#include "parse.h"

using namespace socbridge::json;

namespace {
std::string only_string(std::string_view text) {
  return std::string(parsed(text).root().at(0).string().value_or("(none)"));
}
}  // namespace

TEST_CASE("invalid UTF-8 is replaced in values and names") {
  CHECK(only_string("[\"M\xFCller\"]") == "M\uFFFDller");
  CHECK(only_string("[\"\xC0\x80\"]") == "\uFFFD\uFFFD");
  CHECK(only_string("[\"cut \xE2\x82\"]") == "cut \uFFFD");
  CHECK(parsed("{\"k\xFF\":1}").root()["k\uFFFD"].integer() == 1);
  CHECK(only_string("[\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"]") == "gr\u00FC\u00DF \U0001F600");
}

TEST_CASE("lone surrogate escapes are replaced, pairs are joined") {
  CHECK(only_string(R"(["a\ud800b"])") == "a\uFFFDb");
  CHECK(only_string(R"(["\uDC00"])") == "\uFFFD");
  CHECK(only_string(R"(["\ud800\ud800\udc00"])") == "\uFFFD\U00010000");
  CHECK(only_string(R"(["\ud800\u0041"])") ==
        "\uFFFD"
        "A");
  CHECK(only_string(R"(["\uD83D\uDE00"])") == "\U0001F600");
  CHECK(only_string(R"(["\\ud800"])") == "\\ud800");
  CHECK(only_string(R"(["\\\ud800"])") == "\\\uFFFD");
}

TEST_CASE("raw control characters inside strings are accepted") {
  CHECK(only_string("[\"a\tb\nc\x1F\x7F\"]") == "a\tb\nc\x1F\x7F");
  CHECK(parsed("{\"a\x01\":\"\x02\"}").root()["a\x01"].string() == "\x02");
}

TEST_CASE("strict parsing refuses text that needs repair") {
  ParseOptions options;
  options.repair_utf8 = false;
  CHECK(parse_error("[\"\xFF\"]", options).find("not valid UTF-8") != std::string::npos);
  CHECK(parse_error(R"(["\ud800"])", options).find("not valid UTF-8") != std::string::npos);
  CHECK(parse_error("[\"\xC3\xBC\"]", options).empty());
}

TEST_CASE("repair: the way back to the original text") {
  const Repaired r = repair("[\"\x01\",\"\xFF\"]", false);
  CHECK(r.text == "[\"\\u0001\",\"\uFFFD\"]");
  CHECK(r.original_offset(0) == 0);
  CHECK(r.original_offset(1) == 1);
  CHECK(r.original_offset(8) == 3);
  CHECK(r.original_offset(r.text.size()) == 9);
}

TEST_CASE("repair survives texts that end anywhere") {
  const std::string text =
      "[\"\\ud83d\\ude00\\\\\xF0\x9F\x98\x80\x01\", -1.5e+400 /* c */, // x\n1]";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    for (const bool comments : {false, true}) {
      const Repaired r = repair(std::string_view(text).substr(0, size), comments);
      CHECK(r.original_offset(r.text.size()) == size);
    }
  }
}
