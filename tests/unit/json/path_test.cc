// SPDX-License-Identifier: Apache-2.0
#include "parse.h"

using namespace socbridge::json;

TEST_CASE("dotted paths descend") {
  const Document d = parsed(R"({"data":{"win":{"eventdata":{"image":"x"}},"list":[{"a":1}]}})");
  CHECK(d.root().path("data.win.eventdata.image").string() == "x");
  CHECK(d.root().path("data.win").is_object());
  CHECK(d.root().path("data.win.").missing());
  CHECK(d.root().path("data.wi").missing());
  CHECK(d.root().path("data.list.0.a").missing());
  CHECK(d.root().path("data.win.eventdata.image.more").missing());
  CHECK(d.root().path("").missing());
  CHECK(d.root()["data"]["list"].path("a").missing());
}

TEST_CASE("path: the longest matching name is used") {
  const Document d = parsed(R"({"a":{"b":{"c":1},"b.c":2},"a.b":{"c":3,"d":4},"a.b.c":5})");
  CHECK(d.root().path("a.b.c").integer() == 5);
  CHECK(d.root().path("a.b.d").integer() == 4);
  CHECK(d.root()["a"].path("b.c").integer() == 2);
}

TEST_CASE("a longer name that leads nowhere does not hide the shorter one") {
  const Document d = parsed(R"({"a.b":1,"a":{"b":{"c":2}},"":{"x":3}})");
  CHECK(d.root().path("a.b.c").integer() == 2);
  CHECK(d.root().path(".x").integer() == 3);
  CHECK(d.root().path("..x").missing());
}

TEST_CASE("path: positions of names in the text") {
  const std::string text =
      "\xEF\xBB\xBF{ // \"a\"\n"
      "  \"a\": 1,\n"
      "\t\"tab\\\"le\": {\"\xC3\xBC\": 0, \"deep.er\": {\"x\": []}},\n"
      "  \"a\": 2 }";
  CHECK(locate(text, "a") == "2:3");
  CHECK(locate(text, "a", 1) == "4:3");
  CHECK(locate(text, "a", 2).empty());
  CHECK(locate(text, "tab\"le.deep.er") == "3:23");
  CHECK(locate(text, "tab\"le.deep.er.x") == "3:35");
  CHECK(locate(text, "nowhere").empty());
  CHECK(locate("{broken", "broken").empty());
  CHECK(locate("[1]", "a").empty());
}

TEST_CASE("positions behind places that were repaired") {
  CHECK(locate("{\"\xFF\xFF\": 1e999, \"b\": 1}", "b") == "1:15");
}

TEST_CASE("positions of values by pointer, and of a byte in a text") {
  const std::string text =
      "{\n  \"rules\": [\n    {\"set\": {\"a/b\": \"x\\n\\u00e4{y\"}},\n    7\n  ],\n  \"n\": 12}";
  CHECK(locate_value(text, "/n") == "6:8");
  CHECK(locate_value(text, "/n", kItsName) == "6:3");
  CHECK(locate_value(text, "/rules/1") == "4:5");
  CHECK(locate_value(text, "/rules/0/set/a~1b") == "3:21");
  CHECK(locate_value(text, "/rules/0/set/a~1b", 0) == "3:22");
  CHECK(locate_value(text, "/rules/0/set/a~1b", 2) == "3:25");
  // The two bytes of the escaped letter are one step.
  CHECK(locate_value(text, "/rules/0/set/a~1b", 4) == "3:31");
  // The name of an object; for a missing one the last name of the path.
  CHECK(locate_value(text, "/rules/0/set") == "3:6");
  CHECK(locate_value(text, "/rules/0/set/none") == "3:6");
  CHECK(locate_value(text, "/rules/9") == "2:3");
  CHECK(locate_value(text, "/none").empty());
  CHECK(locate_value("{broken", "/broken").empty());
}
