// SPDX-License-Identifier: Apache-2.0
#include "stream/member.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {
namespace {

std::string json_of(const Members& members) {
  json::Writer w;
  w.begin_object();
  write_members(w, members);
  w.end_object();
  return std::move(w).take();
}

const Members kAll = {{"text", std::string("a\"b")},
                      {"less", std::int64_t{-5}},
                      {"more", std::uint64_t{18446744073709551615U}},
                      {"flag", true},
                      {"list", std::vector<std::string>{"x", "y\n"}},
                      {"raw", RawJson{R"({"a":1})"}}};

}  // namespace

TEST_CASE("members keep their types as JSON") {
  CHECK(json_of(kAll) ==
        R"({"text":"a\"b","less":-5,"more":18446744073709551615,"flag":true,"list":["x","y\n"],)"
        R"("raw":{"a":1}})");
  CHECK(json_of({}) == "{}");
}

TEST_CASE("members as text: a text as it is, all else as JSON") {
  CHECK(
      members_text(kAll) ==
      R"(: text a"b, less -5, more 18446744073709551615, flag true, list ["x","y\n"], raw {"a":1})");
  CHECK(members_text({}).empty());
}

TEST_CASE("members as text are printable and have a bound each") {
  const std::string text =
      members_text({{"a", std::string("x\n\x1b[31m")}, {"b", std::string(1000, 'y')}});
  CHECK(text.find_first_of("\n\x1b") == std::string::npos);
  CHECK(text.size() < 400);
  CHECK_THAT(text, Catch::Contains(", b yyy"));
}

}  // namespace socbridge::stream
