// SPDX-License-Identifier: Apache-2.0
#include "mapping/custom_field.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

// Of a field {data.x}, for `data` with this x. An error shows as "error: …".
std::string value_of(FieldType type, const std::string& x) {
  const wazuh::Alert alert = with_data("{\"x\":" + x + "}");
  const rules::Subject subject{alert, "ref", kNow, {}};
  const CustomFieldValue value = custom_field_value({"f", "{data.x}", type}, subject);
  INFO(x);
  CHECK((value.json.empty() || value.error.empty()));
  return value.error.empty() ? value.json : "error: " + value.error;
}

std::string text_of(FieldType type, const std::string& x) { return value_of(type, '"' + x + '"'); }

bool refused(FieldType type, const std::string& x) {
  return text_of(type, x).starts_with("error: ");
}

}  // namespace

TEST_CASE("an integer is one that a double holds exactly, in any notation") {
  const auto integer = [](const std::string& x) { return value_of(FieldType::integer, x); };
  CHECK(integer("12") == "12");
  CHECK(integer("\" 12 \"") == "12");
  CHECK(integer("\"-7\"") == "-7");
  CHECK(integer("\"007\"") == "7");
  CHECK(integer("1e3") == "1000");
  CHECK(integer("\"-0\"") == "0");
  CHECK(integer("\"9007199254740992\"") == "9007199254740992");
  CHECK(integer("\"-9007199254740992\"") == "-9007199254740992");
  for (const char* text : {"9007199254740994", "1.5", "1e400", "nan", "inf", "-inf", "0x10", "+5",
                           "12 a", "1,5", "true", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK(refused(FieldType::integer, text));
  }
  CHECK(integer("true") == R"(error: "true" is not a whole number)");
}

TEST_CASE("a number of any spelling leaves as JSON") {
  const auto number = [](const std::string& x) { return text_of(FieldType::floating, x); };
  CHECK(number("2.50") == "2.50");
  CHECK(number("-1e-3") == "-1e-3");
  CHECK(number(".5") == "0.5");
  CHECK(number("-.25") == "-0.25");
  CHECK(number("5.") == "5");
  CHECK(number("007.5") == "7.5");
  CHECK(number("-00") == "-0");
  CHECK(number("1.e2") == "1e2");
  for (const char* text : {"1e999", "nan", "-inf", "1.2.3", "", "one", "0x1p3"}) {
    const std::string got = number(text);
    CAPTURE(text, got);
    CHECK((got.empty() ? text[0] == '\0' : got.starts_with("error: ")));
  }
  for (const char* text : {".5", "5.", "007", "-.0", "1.e2", "00", "-01"}) {
    CAPTURE(text);
    const std::string json = number(text);
    const auto document = json::Document::parse(json);
    REQUIRE(document.ok());
    CHECK(document->root().is_number());
  }
}

TEST_CASE("true and false have many words, in any case") {
  const auto flag = [](const std::string& x) { return value_of(FieldType::boolean, x); };
  for (const char* yes : {"true", "1", "\"YES\"", "\" on \"", "\"True\""}) {
    CHECK(flag(yes) == "true");
  }
  for (const char* no : {"false", "0", "\"No\"", "\"OFF\""}) CHECK(flag(no) == "false");
  CHECK(refused(FieldType::boolean, "2"));
  CHECK(refused(FieldType::boolean, "yes please"));
}

TEST_CASE("a date may be ISO 8601, seconds or milliseconds, and is exact to the millisecond") {
  const auto date = [](const std::string& x) { return value_of(FieldType::date, x); };
  CHECK(date("\"2025-03-14T07:40:01.037+0100\"") == "1741934401037");
  CHECK(date("1741934401") == "1741934401000");
  CHECK(date("1741934401.037") == "1741934401037");
  // The product is slightly below the integer here.
  CHECK(date("2180854931.865") == "2180854931865");
  CHECK(date("1741934401037") == "1741934401037");
  CHECK(date("0") == "0");
  CHECK(date("99999999999") == "99999999999000");   // still seconds
  CHECK(date("100000000000") == "100000000000");    // milliseconds
  CHECK(date("9007199254740") == "9007199254740");  // the largest
  CHECK(date("9007199254742").starts_with("error: "));
  CHECK(date("-1") == R"(error: "-1" is not a date)");
  CHECK(refused(FieldType::date, "yesterday"));
  CHECK(refused(FieldType::date, "1e300"));
}

TEST_CASE("a text accepts lists and any other value") {
  CHECK(value_of(FieldType::string, R"(["a","b"])") == R"("a, b")");
  CHECK(value_of(FieldType::string, "12") == R"("12")");
  CHECK(value_of(FieldType::string, R"("\u0000\u001b\"\\")") == R"("\u0000\u001b\"\\")");
  CHECK(value_of(FieldType::string, "[]").empty());
}

TEST_CASE("a field with one value accepts a list of one only") {
  for (const FieldType type : {FieldType::integer, FieldType::floating, FieldType::date}) {
    CHECK_FALSE(value_of(type, "[1741934401]").starts_with("error"));
    CHECK(value_of(type, "[]").empty());
    CHECK(value_of(type, "null").empty());
    CHECK(value_of(type, "[1,2,3]").starts_with("error: a list of 3 values is not a "));
  }
  CHECK(value_of(FieldType::boolean, "[1,0]") ==
        "error: a list of 2 values is not true or false; add |first, or make the field a string");
}

TEST_CASE("a value in an error is printable and short") {
  const std::string error = text_of(FieldType::integer, "\\u001b[31m" + std::string(500, 'x'));
  CHECK(error.size() < 120);
  CHECK(error.find('\x1b') == std::string::npos);
  CHECK(error.ends_with("is not a whole number"));
}

TEST_CASE("a single field keeps its type if none is configured") {
  CHECK(value_of(FieldType::automatic, "12") == "12");
  CHECK(value_of(FieldType::automatic, "false") == "false");
  CHECK(value_of(FieldType::automatic, "\"12\"") == "\"12\"");
  CHECK(value_of(FieldType::automatic, "null").empty());
}
