// SPDX-License-Identifier: Apache-2.0
#include "json/raw.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace socbridge::json;

namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::vector<std::string> elements(std::string_view text, bool closed = true) {
  std::vector<std::string> out;
  const bool whole =
      for_each_element(text, 0, [&](std::string_view one) { out.emplace_back(one); });
  CHECK(whole == closed);
  return out;
}

}  // namespace

TEST_CASE("strings and values are skipped completely") {
  CHECK(skip_string("\"\"x", 0) == 2);
  CHECK(skip_string(R"("a\"b\\"x)", 0) == 8);
  CHECK(skip_string("\"" + std::string(100, 'a') + "\\\"" + std::string(9, 'b') + "\" ", 0) == 113);
  CHECK(skip_string("\"open", 0) == kNone);
  CHECK(skip_string("\"open\\", 0) == kNone);
  CHECK(skip_value("12, 3", 0) == 2);
  CHECK(skip_value("true", 0) == 4);
  CHECK(skip_value(R"({"a]}":[{}]} ,)", 0) == 12);
  CHECK(skip_value("[[]", 0) == kNone);
  CHECK(skip_value("", 0) == kNone);
  CHECK(skip_value(",", 0) == kNone);
}

TEST_CASE("raw: elements of an array") {
  CHECK(elements("[]").empty());
  CHECK(elements("[ ]").empty());
  CHECK(elements(R"([1, "a,]", {"b":[2]} ,null ])") ==
        std::vector<std::string>{"1", "\"a,]\"", "{\"b\":[2]}", "null"});
  CHECK(elements("[1,2", false) == std::vector<std::string>{"1", "2"});
  CHECK(elements("[1 2]", false) == std::vector<std::string>{"1"});
  CHECK(elements("{}", false).empty());
  CHECK(elements("", false).empty());
}

TEST_CASE("raw: a member by its name") {
  const std::string text = R"({ "a" : 1, "b\"" : [ "hits" ], "hits" : { "hits" : [7] }, "hits":2})";
  const std::size_t hits = find_member(text, 0, "hits");
  REQUIRE(hits != kNone);
  CHECK(text.substr(hits).starts_with("{ \"hits\""));
  CHECK(text.substr(find_member(text, hits, "hits")).starts_with("[7]"));
  CHECK(find_member(text, 0, "none") == kNone);
  CHECK(find_member("{}", 0, "a") == kNone);
  CHECK(find_member("{\"a\"", 0, "a") == kNone);
  CHECK(find_member("{\"a\":", 0, "a") == kNone);
  CHECK(find_member("[1]", 0, "a") == kNone);
}
