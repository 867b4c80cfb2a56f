// SPDX-License-Identifier: Apache-2.0
#include "wazuh/fields.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

using Texts = std::vector<std::string>;

Texts list(std::string_view json, Commas commas = Commas::separate) {
  const auto document = json::Document::parse(json);
  REQUIRE(document.ok());
  return list_of(document->root()["v"], commas);
}

}  // namespace

TEST_CASE("lists come as arrays, as one text and as texts with commas") {
  CHECK(list(R"({"v":["a"," b ","a","",null,{},7]})") == Texts{"a", "b", "7"});
  CHECK(list(R"({"v":"a, b,,a "})") == Texts{"a", "b"});
  CHECK(list(R"({"v":"a, b"})", Commas::belong) == Texts{"a, b"});
  CHECK(list(R"({"v":["a,b"]})") == Texts{"a,b"});  // an array is not cut further
  CHECK(list(R"({"v":5})") == Texts{"5"});
  CHECK(list(R"({"v":{}})").empty());
  CHECK(list(R"({})").empty());
}

TEST_CASE("fields: a list of a stranger is bounded") {
  Texts many;
  for (int i = 0; i < 2000; ++i) add_once(many, std::to_string(i));
  CHECK(many.size() == 1000);
  Texts few = {"a"};
  add_once(few, "a");
  add_once(few, "");
  CHECK(few == Texts{"a"});
}

TEST_CASE("fields: ids of techniques") {
  CHECK(is_technique_id("T1110"));
  CHECK(is_technique_id("T1110.001"));
  for (const char* text : {"", "T111", "T11100", "t1110", "T1110.", "T1110.01", "T1110-001",
                           "T1110.0a1", "TA0001", "T1110.0011"}) {
    CAPTURE(text);
    CHECK_FALSE(is_technique_id(text));
  }
}
