// SPDX-License-Identifier: Apache-2.0
#include "json/answer.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge;
using namespace socbridge::json;

namespace {

// `count` times `one` in an array.
std::string array_of(std::string_view one, std::size_t count) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) (text += one) += ',';
  return text + "1]";
}

}  // namespace

TEST_CASE("a server's answer is read up to a number of values") {
  CHECK(parse_answer(R"({"a":[1,"x,,,,"]})")->root()["a"].size() == 2);
  CHECK_FALSE(parse_answer("no").ok());
  CHECK(parse_answer(array_of("1", kMostAnswerValues - 2)).ok());
  for (const char* one : {"1", "[]", "{}", R"({"a":0})", R"("")"}) {
    CAPTURE(one);
    const std::string text = array_of(one, kMostAnswerValues + 1);
    CHECK(has_too_many_values(text));
    const auto answer = parse_answer(text);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.status().code() == ExitCode::bad_input);
    CHECK_THAT(answer.status().message(), Catch::Contains("2097152 values"));
  }
}

TEST_CASE("texts of an answer do not count as values, whatever their content") {
  const std::string commas(std::size_t{3} * kMostAnswerValues, ',');
  const std::string text = R"({"message":")" + commas + R"("})";
  CHECK_FALSE(has_too_many_values(text));
  CHECK(parse_answer(text).ok());
  CHECK_FALSE(has_too_many_values(text.substr(0, text.size() - 2)));  // it is not closed
}
