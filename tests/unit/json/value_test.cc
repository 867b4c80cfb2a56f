// SPDX-License-Identifier: Apache-2.0
#include "parse.h"

using namespace socbridge::json;

TEST_CASE("a missing value answers every call") {
  const Value v;
  CHECK(v.type() == Type::missing);
  CHECK_FALSE(v);
  CHECK(v["a"]["b"].at(3).missing());
  CHECK(v.size() == 0);
  CHECK(v.key_at(0).empty());
  CHECK(v.value_at(0).missing());
  CHECK_FALSE(v.string());
  CHECK_FALSE(v.boolean());
  CHECK_FALSE(v.integer());
  CHECK_FALSE(v.number());
  CHECK_FALSE(v.scalar_text());
  CHECK_FALSE(v.lenient_integer());
  CHECK(v.path("a.b").missing());
  CHECK(v.dump() == "null");
}

TEST_CASE("values of another type return an empty value") {
  const Document d = parsed(R"({"a":[1],"s":"x"})");
  const Value v = d.root();
  CHECK_FALSE(v.string());
  CHECK_FALSE(v.number());
  CHECK_FALSE(v["s"].integer());
  CHECK_FALSE(v["s"].boolean());
  CHECK(v["a"]["x"].missing());
  CHECK(v.at(0).missing());
  CHECK(v["a"].at(1).missing());
  CHECK(v["a"].key_at(0).empty());
  CHECK(v["s"].size() == 0);
}

TEST_CASE("members by index, in the order of the text") {
  const Document d = parsed(R"({"b":1,"a":[10,20]})");
  CHECK(d.root().key_at(0) == "b");
  CHECK(d.root().key_at(1) == "a");
  CHECK(d.root().value_at(0).integer() == 1);
  CHECK(d.root().value_at(1).value_at(1).integer() == 20);
  CHECK(d.root().value_at(2).missing());
}

TEST_CASE("value: the first of duplicated members wins") {
  const Document d = parsed(R"({"rule":{"level":7,"level":[15]},"rule":{"level":1}})");
  CHECK(d.root()["rule"]["level"].integer() == 7);
  CHECK(d.root().path("rule.level").integer() == 7);
  CHECK(d.root().dump() == R"({"rule":{"level":7}})");
}

TEST_CASE("value: names are compared exactly") {
  const Document d = parsed(R"({"Key":1,"key\u0000":2,"":3})");
  CHECK(d.root()["key"].missing());
  CHECK(d.root()[std::string_view("key\0", 4)].integer() == 2);
  CHECK(d.root()[""].integer() == 3);
}

TEST_CASE("value: text of scalars") {
  const Document d = parsed(R"(["x", 7, true, false, null, [], {}])");
  CHECK(d.root().at(0).scalar_text() == "x");
  CHECK(d.root().at(1).scalar_text() == "7");
  CHECK(d.root().at(2).scalar_text() == "true");
  CHECK(d.root().at(3).scalar_text() == "false");
  for (std::size_t i = 4; i < 7; ++i) CHECK_FALSE(d.root().at(i).scalar_text());
}

TEST_CASE("value: integers also from strings") {
  const Document d =
      parsed(R"([12, "12", "-3", "007", "", " 1", "1.0", "1x", "99999999999999999999", true])");
  CHECK(d.root().at(0).lenient_integer() == 12);
  CHECK(d.root().at(1).lenient_integer() == 12);
  CHECK(d.root().at(2).lenient_integer() == -3);
  CHECK(d.root().at(3).lenient_integer() == 7);
  for (std::size_t i = 4; i < 10; ++i) CHECK_FALSE(d.root().at(i).lenient_integer());
}

TEST_CASE("value: type names") {
  CHECK(type_name(Type::missing) == std::string("missing"));
  CHECK(type_name(Type::boolean) == std::string("boolean"));
  CHECK(type_name(Type::object) == std::string("object"));
}

TEST_CASE("the text of a string is given whatever its type") {
  const Document d = parsed(R"({"a":"x","b":7,"c":null})");
  CHECK(d.root()["a"].string_text() == "x");
  CHECK(d.root()["a"].string_or_empty() == "x");
  for (const char* other : {"b", "c", "d"}) CHECK(d.root()[other].string_text().empty());
  CHECK(d.root()["b"].text() == "7");
}
