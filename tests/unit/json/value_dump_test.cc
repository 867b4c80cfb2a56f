// SPDX-License-Identifier: Apache-2.0
#include "json/indented.h"
#include "json/writer.h"
#include "parse.h"

using namespace socbridge::json;

TEST_CASE("a dump is compact and lossless") {
  const std::string text =
      R"({"a":[1,-2.50,1e-7,12345678901234567890,true,false,null,"\"\\\b\f\n\r\t\u0001/ü"],"":{},"e":[]})";
  CHECK(parsed(text).root().dump() == text);
  CHECK(parsed(" [ 1 , 2 ] ").root().dump() == "[1,2]");
}

TEST_CASE("dumps are plain where the text was not") {
  CHECK(parsed(R"(["\u00fc\/\u2028"])").root().dump() == "[\"ü/\\u2028\"]");
  CHECK(parsed("[5.0, 1e400]").root().dump() == R"([5,"1e400"])");
}

TEST_CASE("duplicates of many members are omitted too") {
  std::string text = "{";
  std::string expected = "{";
  for (int i = 0; i < 100; ++i) {
    const std::string member = "\"k" + std::to_string(i) + "\":";
    text += member + "1," + member + "2,";
    expected += member + "1,";
  }
  text.back() = '}';
  expected.back() = '}';
  CHECK(parsed(text).root().dump() == expected);
}

TEST_CASE("a dump of a dump is the same") {
  const std::string once = parsed("[\"\xFF\x01\", {\"a\":1,\"a\":2}, 1E2]").root().dump();
  CHECK(parsed(once).root().dump() == once);
}

TEST_CASE("indented, it equals pretty() of the dump") {
  for (const char* const text :
       {R"({"a":[1,{"b":"x, [y]"}],"c":{},"d":[],"e":[[]],"a":2})", "[]", "{}", "12", "\"\"",
        "null", R"([{"\u0001":[true,false,null,-1.50]},[[[{"x":"\u202e<\\\""}]]]])"}) {
    CAPTURE(text);
    const auto document = parsed(text);
    CHECK(indented(document.root()) == pretty(document.root().dump()));
  }
  CHECK(indented(Value()) == "null");
}
