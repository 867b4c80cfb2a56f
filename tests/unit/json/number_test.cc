// SPDX-License-Identifier: Apache-2.0
#include "json/number.h"

#include <cmath>

#include "parse.h"

using namespace socbridge::json;

namespace {
std::string text_of(std::string_view number) {
  return parsed("[" + std::string(number) + "]").root().at(0).scalar_text().value_or("(none)");
}
std::optional<std::int64_t> integer_of(std::string_view number) {
  return parsed("[" + std::string(number) + "]").root().at(0).integer();
}
}  // namespace

TEST_CASE("number: integers are exact") {
  CHECK(integer_of("0") == 0);
  CHECK(integer_of("-0") == 0);
  CHECK(integer_of("9223372036854775807") == INT64_MAX);
  CHECK(integer_of("-9223372036854775808") == INT64_MIN);
  CHECK(integer_of("9223372036854775808") == std::nullopt);
  CHECK(integer_of("1e3") == 1000);
  CHECK(integer_of("1.50E1") == 15);
  CHECK(integer_of("92.000000") == 92);
  CHECK(integer_of("-2000e-3") == -2);
  CHECK(integer_of("9007199254740993.0") == 9007199254740993);
  CHECK(integer_of("1e18") == 1000000000000000000);
  CHECK(integer_of("1e19") == std::nullopt);
  CHECK(integer_of("1.5") == std::nullopt);
  CHECK(integer_of("1e-1") == std::nullopt);
  CHECK(integer_of("1.5e-9223372036854775808") == std::nullopt);
  CHECK(integer_of("0e999999999999999999999") == std::nullopt);
}

TEST_CASE("the text of a number is its plain spelling") {
  CHECK(text_of("12") == "12");
  CHECK(text_of("-0") == "0");
  CHECK(text_of("5.0") == "5");
  CHECK(text_of("-5e2") == "-500");
  CHECK(text_of("1.50") == "1.50");
  CHECK(text_of("12345678901234567890") == "12345678901234567890");
  CHECK(text_of("123456789012345678901234567890") == "123456789012345678901234567890");
  CHECK(text_of("2179556770808404.000000") == "2179556770808404");
  CHECK(text_of("1e30") == "1" + std::string(30, '0'));
  CHECK(text_of("1e300") == "1e300");
  CHECK(text_of("1e-7") == "1e-7");
}

TEST_CASE("numbers beyond a double are read as strings") {
  const std::string huge(400, '9');
  for (const std::string& number :
       {std::string("1e400"), std::string("-1e309"), std::string("123e307"), std::string("0e400"),
        std::string("1E+0000309"), std::string("1e99999999999999999999"), huge, "-" + huge,
        huge + ".5", "0." + huge + "e999", huge + "e-200"}) {
    INFO(number);
    const Document d = parsed("{\"n\":" + number + ",\"next\":1}");
    CHECK(d.root()["n"].string() == number);
    CHECK(d.root()["next"].integer() == 1);
    CHECK(parsed(number).root().string() == number);
  }
}

TEST_CASE("in a hand-written file numbers beyond a double stay numbers") {
  const std::string huge(400, '9');
  for (const std::string& number :
       {std::string("1e400"), std::string("-1e309"), huge, "-" + huge, huge + ".5"}) {
    INFO(number);
    const Document d = parsed("{\"a\":\"" + number + "\",\"n\":" + number + ",\"b\":[\"x\"," +
                                  number + ",1,\"" + number + "\"]} // c",
                              ParseOptions::configuration());
    CHECK(d.root()["a"].string() == number);
    CHECK(d.root()["n"].is_number());
    CHECK(d.root()["n"].text() == number);
    CHECK_FALSE(d.root()["n"].integer());
    CHECK_FALSE(d.root()["n"].number());
    CHECK(d.root()["b"].at(0).string() == "x");
    CHECK(d.root()["b"].at(1).is_number());
    CHECK(d.root()["b"].at(2).integer() == 1);
    CHECK(d.root()["b"].at(3).is_string());
    CHECK(d.root()["b"].at(1).dump() == number);
  }
  CHECK(parsed("0e400", ParseOptions::configuration()).root().number() == 0);
}

TEST_CASE("numbers at the limits of a double stay numbers, whatever the context") {
  for (const std::string& number :
       {std::string("1e308"), std::string("1.7976931348623157e308"), std::string("1e+0000000308"),
        std::string("1e-999"), std::string(308, '1'), "0." + std::string(500, '1')}) {
    INFO(number);
    CHECK(parsed("[" + number + "]").root().at(0).is_number());
    CHECK(parsed("[" + number + ",1e999]").root().at(0).is_number());
  }
}

TEST_CASE("numbers too small for a double are zero and keep their spelling") {
  const Document d = parsed("[1e-400, -1e-400, 4.9e-324]");
  CHECK(d.root().at(0).number() == 0.0);
  CHECK(d.root().at(0).scalar_text() == "1e-400");
  CHECK(std::signbit(d.root().at(1).number().value_or(1)));
  CHECK(d.root().at(2).number() == 4.9e-324);
}

TEST_CASE("length of a number at the beginning of a text") {
  CHECK(number_length("12,") == 2);
  CHECK(number_length("-1.5e+10]") == 8);
  CHECK(number_length("0") == 1);
  CHECK(number_length("01") == 0);
  CHECK(number_length("-") == 0);
  CHECK(number_length("1.") == 0);
  CHECK(number_length("1e") == 0);
  CHECK(number_length("x") == 0);
}
