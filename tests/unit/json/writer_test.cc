// SPDX-License-Identifier: Apache-2.0
#include "json/writer.h"

#include <cmath>
#include <limits>

#include "parse.h"
#include "support/each_byte.h"

using namespace socbridge::json;

TEST_CASE("commas are set between members and elements") {
  Writer w;
  w.begin_object();
  w.member("a", 1);
  w.key("b");
  w.begin_array();
  w.value("x");
  w.begin_object();
  w.end_object();
  w.begin_array();
  w.end_array();
  w.null();
  w.end_array();
  w.member("c", true);
  w.key("d");
  w.raw("[1]");
  w.end_object();
  CHECK(w.text() == R"({"a":1,"b":["x",{},[],null],"c":true,"d":[1]})");
  CHECK(std::move(w).take() == R"({"a":1,"b":["x",{},[],null],"c":true,"d":[1]})");
}

TEST_CASE("writer: numbers of all kinds") {
  Writer w;
  w.begin_array();
  w.value(std::numeric_limits<std::int64_t>::min());
  w.value(std::numeric_limits<std::uint64_t>::max());
  w.value(-7);
  w.value(0.1);
  w.value(1e300);
  w.value(std::nan(""));
  w.value(std::numeric_limits<double>::infinity());
  w.end_array();
  CHECK(w.text() == "[-9223372036854775808,18446744073709551615,-7,0.1,1e+300,null,null]");
  CHECK(parsed(w.text()).root().size() == 7);
}

TEST_CASE("writer: values of a document are copied in") {
  const Document d = parsed(R"({"a":{"b":[1,2]}})");
  Writer w;
  w.begin_object();
  w.member("copy", d.root()["a"]);
  w.member("none", d.root()["x"]);
  w.end_object();
  CHECK(w.text() == R"({"copy":{"b":[1,2]},"none":null})");
}

TEST_CASE("strings are escaped where JSON asks for it, and where a terminal could be misled") {
  CHECK(quote("") == R"("")");
  CHECK(quote("<a href='x'>&/") == R"("<a href='x'>&/")");
  CHECK(quote("\"\\\b\f\n\r\t") == R"("\"\\\b\f\n\r\t")");
  CHECK(quote(std::string_view("\0\x1F\x7F", 3)) == "\"\\u0000\\u001f\\u007f\"");
  CHECK(quote("ü\U0001F600 ⚠️") == "\"ü\U0001F600 ⚠️\"");
  CHECK(quote("\u0085\u061C\u200B\u2028\u202E\u2066\uFEFF\uFFFF") ==
        R"("\u0085\u061c\u200b\u2028\u202e\u2066\ufeff\uffff")");
  CHECK(quote("\U000E0041") == R"("\udb40\udc41")");
  CHECK(parsed("[" + quote("\U000E0041\u202E\x7F") + "]").root().at(0).string() ==
        "\U000E0041\u202E\x7F");
}

TEST_CASE("strings that are not UTF-8 are repaired") {
  CHECK(quote("a\xFF"
              "b") == "\"a\uFFFDb\"");
  CHECK(quote("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  CHECK(quote("cut \xF0\x9F") == "\"cut \uFFFD\"");
  CHECK(quote("\xFF\"\xFF") == "\"\uFFFD\\\"\uFFFD\"");
}

TEST_CASE("each byte is quoted wherever it stands") {
  with_each_byte([](const std::string& text, int value, std::size_t at) {
    const bool plain = value >= 0x20 && value < 0x7F && value != '"' && value != '\\';
    if ((quote(text) == '"' + text + '"') != plain) FAIL("byte " << value << " at " << at);
  });
}
