// SPDX-License-Identifier: Apache-2.0
// Positions of values in a text; the usual cases are in path_test.cc.
#include "json/locator.h"
#include "parse.h"

using namespace socbridge::json;

namespace {

// The column of byte `offset` of the only value, counted from its opening quote.
std::string column(const std::string& literal, std::size_t offset) {
  const std::string at = locate_value("{\"v\":\"" + literal + "\"}", "/v", offset);
  INFO(literal);
  REQUIRE(at.starts_with("1:"));
  return std::to_string(std::stoul(at.substr(2)) - 6);
}

}  // namespace

TEST_CASE("each character of a text is one step, however it is written") {
  CHECK(column("abc", 0) == "1");
  CHECK(column("abc", 2) == "3");
  CHECK(column(R"(\n\"x)", 2) == "5");
  CHECK(column(R"(\u0041x)", 1) == "7");         // one byte
  CHECK(column(R"(\u00e4x)", 2) == "7");         // two
  CHECK(column(R"(\u20acx)", 3) == "7");         // three
  CHECK(column(R"(\uD83D\uDE00x)", 4) == "13");  // four, of a pair
  CHECK(column("\u00e4x", 2) == "3");
}

TEST_CASE("the middle of a character is its end; behind the text is its end") {
  CHECK(column(R"(\uD83D\uDE00x)", 1) == "13");
  CHECK(column(R"(\u20acx)", 1) == "7");
  CHECK_FALSE(locate_value(R"({"v":"ab"})", "/v", 500).empty());
}

TEST_CASE("half a surrogate is one character, whatever follows") {
  CHECK(column(R"(\uD83Dx{)", 4) == "8");
  CHECK(column(R"(\uD83D\u0041{)", 4) == "13");
  CHECK(column(R"(\uD83D\uD83D{)", 6) == "13");
  CHECK(column(R"(\uDE00{)", 3) == "7");
}

TEST_CASE("of a number the beginning is used, with its sign; an offset is ignored") {
  CHECK(locate_value(R"({"n":  -12})", "/n") == "1:8");
  CHECK(locate_value(R"({"n":  -12})", "/n", 2) == "1:8");
  CHECK(locate_value(R"({"n":true})", "/n") == "1:2");
  CHECK(locate_value(R"({"n":null})", "/n", 0) == "1:2");
}

TEST_CASE("value position: elements of lists, nested ones too") {
  const std::string text = "[\n [1, \"x\"],\n {\"a\": [\"y\"]}\n]";
  CHECK(locate_value(text, "/0/1") == "2:6");
  CHECK(locate_value(text, "/1/a/0") == "3:9");
  CHECK(locate_value(text, "/1/a/0", 0) == "3:10");
  CHECK(locate_value(text, "/0/2").empty());
  CHECK(locate_value(text, "/0").empty());
  for (const char* index : {"/-1", "/x", "/", "/18446744073709551616", "/0x0"}) {
    CHECK(locate_value(text, index).empty());
  }
}

TEST_CASE("an object in an array is at its first name") {
  constexpr const char* text = "{\"a\":[\n{},\n{\"b\":1,\n\"c\":{}}]}";
  CHECK(locate_value(text, "/a/1") == "3:2");
  CHECK(locate_value(text, "/a/1/none") == "3:2");
  CHECK(locate_value(text, "/a/1/c") == "4:1");
  CHECK(locate_value(text, "/a/0") == "1:2");
}

TEST_CASE("names with slashes, tildes, dots, and empty names") {
  const std::string text = R"({"a/b":"1","~":"2","~1":"3","":"4","a.b":"5"})";
  CHECK(locate_value(text, "/a~1b") == "1:8");
  CHECK(locate_value(text, "/~0") == "1:16");
  CHECK(locate_value(text, "/~01") == "1:25");
  CHECK(locate_value(text, "/") == "1:32");
  CHECK(locate_value(text, "/a.b") == "1:42");
  CHECK(locate_value(text, "/a/b").empty());
}

TEST_CASE("value position: of equal names the first is used") {
  CHECK(locate_value(R"({"a":"1","a":"2"})", "/a") == "1:6");
  CHECK(locate(R"({"a":"1","a":"2"})", "a", 1) == "1:10");
}

TEST_CASE("a pointer through a scalar stops at the last name") {
  CHECK(locate_value(R"({"a":{"b":5}})", "/a/b/c") == "1:7");
  CHECK(locate_value(R"({"a":"x"})", "/a/0") == "1:2");
  CHECK(locate_value(R"("x")", "/a").empty());
  CHECK(locate_value(R"("x")", "") == "1:1");
  CHECK(locate_value("{}", "").empty());
}

TEST_CASE("comments, a byte-order mark and line ends of every kind are counted") {
  CHECK(locate_value("\xEF\xBB\xBF{/* \"a\": 1 */\n// x\n\"a\":\"v\",}", "/a") == "3:5");
  CHECK(locate_value("{\r\n\"a\":\"v\"}", "/a") == "2:5");
  CHECK(locate_value("", "/a").empty());
  CHECK(locate_value("{\"a\":", "/a").empty());
  CHECK(locate_value(std::string("\0\xff", 2), "/a").empty());
}

TEST_CASE("each of several members with one name has its position") {
  const std::string text = "{\"a\":{\"b\":1,\n\"b\":2,\"\":3,\n\"b\":4},\"a\":5}";
  CHECK(locate_value(text, "/a/b", kItsName) == "1:7");
  CHECK(locate_value(text, "/a/b", kItsName, 1) == "2:1");
  CHECK(locate_value(text, "/a/b", kItsName, 2) == "3:1");
  CHECK(locate_value(text, "/a/", kItsName) == "2:7");
  CHECK(locate_value(text, "/a", kItsName, 1) == "3:8");
}

TEST_CASE("a number beyond a double is at its first digit") {
  const std::string huge(400, '9');
  for (const std::string& number : {std::string("1e400"), std::string("0e400"), huge}) {
    INFO(number);
    const std::string text = "{\"n\": " + number + ",\n \"m\": [" + number + ", \"x\"]}";
    CHECK(locate_value(text, "/n") == "1:7");
    CHECK(locate_value(text, "/n", kItsName) == "1:2");
    CHECK(locate_value(text, "/m/0", 3) == "2:8");
    CHECK(locate_value(text, "/m/1", 0) == "2:" + std::to_string(number.size() + 11));
    CHECK(locate(text, "m") == "2:2");
  }
}

TEST_CASE("one reading of a text finds all its places") {
  const std::string text = "\xEF\xBB\xBF{\"a\": {\"b\": \"xy\"},\n \"a\": [1, 2]}";
  const Locator places(text);
  CHECK(places.member("a") == "1:2");
  CHECK(places.member("a", 1) == "2:2");
  CHECK(places.member("a.b") == "1:8");
  CHECK(places.member("c").empty());
  CHECK(places.value("/a/b") == "1:13");
  CHECK(places.value("/a/b", 1) == "1:15");
  CHECK(places.value("/a/b", kItsName) == "1:8");
  CHECK(Locator("{").member("a").empty());
  CHECK(Locator("{").value("/a").empty());
}
