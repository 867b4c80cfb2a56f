// SPDX-License-Identifier: Apache-2.0
#include "config/check.h"

#include "schema.h"

namespace socbridge::config {
namespace {

const Key& key(std::string_view name) {
  static const Schema schema = example_schema();
  for (const Key& one : schema) {
    if (one.name == name) return one;
  }
  FAIL("no key " << name);
  return schema.front();
}

// "" if the value is taken, else the error.
std::string said(std::string_view name, std::string_view json) {
  const auto document = json::Document::parse(json);
  REQUIRE(document.ok());
  const Status status = check(key(name), document->root());
  if (!status.ok()) CHECK(status.code() == ExitCode::usage);
  return status.ok() ? "" : status.message();
}

}  // namespace

TEST_CASE("ranges include both ends; a key without a range accepts any integer") {
  CHECK(said("budget_ms", "100").empty());
  CHECK(said("budget_ms", "60000").empty());
  CHECK(said("budget_ms", "99") == "budget_ms must be 100 to 60000 (is 99)");
  CHECK(said("budget_ms", "60001") == "budget_ms must be 100 to 60000 (is 60001)");
  CHECK(said("offset", "-9223372036854775808").empty());
  CHECK(said("budget_ms", "1.5") == "budget_ms must be a whole number (is 1.5)");
  CHECK(said("budget_ms", "\"100\"") == "budget_ms must be a whole number (is a string)");
}

TEST_CASE("a choice may be written as a number; an error lists the choices") {
  CHECK(said("version", "5").empty());
  CHECK(said("version", "\"auto\"").empty());
  CHECK(said("version", "\"aut\"") == "version must be one of auto, 4, 5 (is \"aut\")");
  CHECK(said("version", "true") == "version must be a string in double quotes (is true)");
}

TEST_CASE("elements of a list are texts, and the first other one is reported") {
  CHECK(said("tags", "[]").empty());
  CHECK(said("tags", R"(["a","b"])").empty());
  CHECK(said("tags", R"(["a",5,null])") == "tags must be an array of strings (is 5 at position 2)");
  CHECK(said("sources", "[5]").empty());
  CHECK_FALSE(said("sources", "{}").empty());
}

TEST_CASE("an error shows only the type of a secret, also of a text in the wrong place") {
  CHECK(said("api_key", "\"x\"").empty());
  CHECK(said("api_key", "4711").find("4711") == std::string::npos);
  CHECK(said("procedures", "\"hunter2\"").find("hunter2") == std::string::npos);
}

TEST_CASE("values of flags and variables become JSON of the key's type, or nothing") {
  CHECK(json_from_text(Kind::string, "a\"b") == R"("a\"b")");
  CHECK(json_from_text(Kind::integer, " -5 ") == "-5");
  CHECK(json_from_text(Kind::integer, "007") == "7");
  for (const char* wrong : {"", "-", "5x", "1.5", "--5"})
    CHECK_FALSE(json_from_text(Kind::integer, wrong));
  CHECK(json_from_text(Kind::boolean, "YES") == "true");
  CHECK(json_from_text(Kind::boolean, "0") == "false");
  CHECK_FALSE(json_from_text(Kind::boolean, "on"));
  CHECK(json_from_text(Kind::string_list, " a, ,b ") == R"(["a","b"])");
  CHECK(json_from_text(Kind::string_list, "") == "[]");
}

TEST_CASE("check: an unknown name gets a suggestion") {
  const Schema schema = example_schema();
  CHECK_THAT(unknown_key(schema, "budget_m").line(), Catch::Contains("budget_ms"));
  CHECK(unknown_key(schema, "zzz").code() == ExitCode::usage);
  CHECK_THAT(unknown_key(schema, "zzz").hint(), Catch::StartsWith("known are "));
  const Schema many(21, Key{"budget_ms", Kind::integer, "1", ""});
  CHECK(unknown_key(many, "zzz").hint() == "`socctl config explain` lists the known keys");
}

TEST_CASE("pinned keys are hashes of 32 bytes in base64") {
  const std::string pin = "sha256//" + std::string(43, 'A') + "=";
  CHECK(is_pin_list(pin));
  CHECK(is_pin_list(pin + ";" + pin));
  for (const std::string& bad : {std::string("zz"), std::string(), pin + ";", pin + "=",
                                 pin.substr(8), "sha256//" + std::string(44, 'A')}) {
    CAPTURE(bad);
    CHECK_FALSE(is_pin_list(bad));
  }
}

}  // namespace socbridge::config
