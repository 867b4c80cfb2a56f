// SPDX-License-Identifier: Apache-2.0
#include "rules/field_test.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

// The reason of a test for a document; "no" if it does not match.
std::string why(const std::string& test, const std::string& document) {
  const auto object = json_of(test);
  Faults faults;
  const FieldTest read = FieldTest::read(object.root(), faults);
  INFO(test << " " << lines(faults));
  REQUIRE(faults.none());
  std::string out;
  return read.matches(json_of(document).root(), out) ? out : "no";
}

std::string fault(const std::string& test) {
  const auto object = json_of(test);
  Faults faults("/rules/0");
  FieldTest::read(object.root(), faults);
  return lines(faults);
}

}  // namespace

TEST_CASE("a path alone tests whether the field exists") {
  const std::string test = R"({"path":"a.b"})";
  for (const char* there : {R"("")", "0", "false", "[]", "{}", R"(["x"])"}) {
    CAPTURE(there);
    CHECK(why(test, R"({"a":{"b":)" + std::string(there) + "}}") == "a.b is present");
  }
  CHECK(why(test, R"({"a.b":1})") == "a.b is present");
  CHECK(why(test, R"({"a":{"b":null}})") == "no");
  CHECK(why(test, R"({"a":"b"})") == "no");
  CHECK(why(test, "{}") == "no");
}

TEST_CASE("equal texts are equal in every byte; numbers by their spelling") {
  const std::string test = R"({"path":"x","equals":["Ab","7",true]})";
  CHECK(why(test, R"({"x":"Ab"})") == "x Ab");
  CHECK(why(test, R"({"x":"ab"})") == "no");
  CHECK(why(test, R"({"x":"Ab\u0000"})") == "no");
  CHECK(why(test, R"({"x":7})") == "x 7");
  CHECK(why(test, R"({"x":7.0})") == "x 7");
  CHECK(why(test, R"({"x":"7.0"})") == "no");
  CHECK(why(test, R"({"x":true})") == "x true");
}

TEST_CASE("one element of a list is enough; nested lists and objects do not match") {
  const std::string test = R"({"path":"x","glob":"ev*"})";
  CHECK(why(test, R"({"x":["a","EVIL",null]})") == "x EVIL");
  CHECK(why(test, R"({"x":[["evil"],{"x":"evil"}]})") == "no");
  CHECK(why(test, R"({"x":{"x":"evil"}})") == "no");
  CHECK(why(test, R"({"x":[]})") == "no");
}

TEST_CASE("address blocks hold addresses of their own version") {
  const std::string test = R"({"path":"ip","cidr":["10.0.0.0/8","2001:db8::/32"]})";
  CHECK(why(test, R"({"ip":"10.255.0.1"})") == "ip 10.255.0.1 in 10.0.0.0/8");
  CHECK(why(test, R"({"ip":"2001:DB8::1"})") == "ip 2001:DB8::1 in 2001:db8::/32");
  CHECK(why(test, R"({"ip":"11.0.0.1"})") == "no");
  CHECK(why(test, R"({"ip":"10.0.0.1 x"})") == "no");
  CHECK(why(test, R"({"ip":10})") == "no");
}

TEST_CASE("ranges of numbers, written as number or text") {
  const std::string test = R"({"path":"n","range":["-5--1",">=7.5"]})";
  CHECK(why(test, R"({"n":-5})") == "n -5");
  CHECK(why(test, R"({"n":"7.5"})") == "n 7.5");
  CHECK(why(test, R"({"n":1e300})") != "no");
  CHECK(why(test, R"({"n":0})") == "no");
  CHECK(why(test, R"({"n":"7,6"})") == "no");
  CHECK(why(test, R"({"n":"nan"})") == "no");
  CHECK(why(test, R"({"n":"inf"})") == "no");
  CHECK(why(test, R"({"n":""})") == "no");
}

TEST_CASE("a regular expression fits a part of the text") {
  const std::string test = R"({"path":"x","regex":["^/tmp/", "evil[0-9]+"]})";
  CHECK(why(test, R"({"x":"/tmp/a"})") == "x /tmp/a matches \"^/tmp/\"");
  CHECK(why(test, R"({"x":["a",{"b":1},"an evil7"]})") == "x an evil7 matches \"evil[0-9]+\"");
  CHECK(why(test, R"({"x":" /tmp/a evil"})") == "no");
  CHECK(why(test, R"({"x":"EVIL7"})") == "no");
  CHECK(why(R"({"path":"x","regex":"^7$"})", R"({"x":7})") == "x 7 matches \"^7$\"");
}

TEST_CASE("of all elements of a list together 65536 bytes are searched") {
  const std::string test = R"({"path":"x","regex":"evil"})";
  const auto document = [](std::size_t before) {
    return R"({"x":[")" + std::string(before, 'a') + R"(","evil"]})";
  };
  CHECK(why(test, document(kMostSearched - 4)) != "no");
  CHECK(why(test, document(kMostSearched - 3)) == "no");
  CHECK(why(test, document(kMostSearched + 1)) == "no");
}

TEST_CASE("an error in a regular expression has its position in the text") {
  const auto object = json_of(R"({"path":"x","regex":["a","b(c"]})");
  Faults faults("/rules/0");
  FieldTest::read(object.root(), faults);
  REQUIRE(faults.list().size() == 1);
  CHECK(faults.list()[0].pointer == "/rules/0/regex/1");
  CHECK(faults.list()[0].offset == 1);
  CHECK(lines(faults) == "rules[0].regex[1]: has a ( without ); write [(] for the character");
}

TEST_CASE("all regular expressions together are bounded") {
  std::string list = R"("[a-z]{256}")";
  for (int i = 1; i < 32; ++i) list += R"(,"[a-z]{256}")";
  CHECK(fault(R"({"path":"x","regex":[)" + list + "]}").empty());
  // Reported once, at the limit.
  CHECK(fault(R"({"path":"x","regex":[)" + list + R"(,"a","b"]})")
            .starts_with("rules[0].regex[32]: makes the regular expressions longer than 8192"));
}

TEST_CASE("the matched text is printable, short, and appended to the reason") {
  const auto object = json_of(R"({"path":"x","glob":"*"})");
  Faults faults;
  const FieldTest test = FieldTest::read(object.root(), faults);
  std::string out = "rule 1";
  const auto document = json_of(R"({"x":"\u001b[2J)" + std::string(500, 'y') + "\"}");
  REQUIRE(test.matches(document.root(), out));
  CHECK(out.starts_with("rule 1, x \\u{1b}[2Jyyy"));
  CHECK(out.size() < 100);
  std::string nothing = "rule 1";
  CHECK_FALSE(test.matches(json_of("{}").root(), nothing));
  CHECK(nothing == "rule 1");
}

TEST_CASE("field is another name of path; both are one too many") {
  CHECK(why(R"({"field":" x "})", R"({"x":1})") == "x is present");
  CHECK(fault(R"({"field":"x","path":"y"})") ==
        "rules[0].field: path and field are the same; name one of them");
}

TEST_CASE("an object without a path is not a test, unless it has a value") {
  Faults faults;
  CHECK(FieldTest::read(json_of(R"({"rule":"1"})").root(), faults).empty());
  CHECK(faults.none());
  CHECK(fault(R"({"range":"1"})")
            .starts_with("rules[0]: equals, glob, regex, cidr and range need a path"));
}

TEST_CASE("field test: an error names its position") {
  for (const char* path : {"\"\"", "\"  \"", "5", "[\"a\"]", "null"}) {
    CAPTURE(path);
    CHECK(fault(R"({"path":)" + std::string(path) + "}") ==
          "rules[0].path: must be one path, such as data.srcip");
  }
  CHECK(fault(R"({"path":"x","range":["1","high"]})") ==
        "rules[0].range: \"high\" is not a number or range; write 7, 7-8.9, >=7 or <3");
  CHECK(fault(R"({"path":"x","cidr":"10.0.0.0/33"})")
            .starts_with("rules[0].cidr: \"10.0.0.0/33\" is not an address block"));
  CHECK(fault(R"({"path":"x","equals":[{}]})") == "rules[0].equals[0]: is not a text or number");
  CHECK(fault(R"({"path":"x","equals":"1","glob":"2"})")
            .starts_with("rules[0]: only one of equals, glob, regex, cidr and range"));
}
