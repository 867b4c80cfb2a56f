// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <pugixml.hpp>

#include "expectation/compare.h"

using namespace socbridge;
using namespace socbridge::expectation;

namespace {

// The file as a CI system reads it.
struct Read {
  explicit Read(const std::vector<TestResult>& results, const std::string& file = "t.json")
      : text(junit(file, results)) {
    REQUIRE(document.load_string(text.c_str()));
    suite = document.child("testsuites").child("testsuite");
  }
  pugi::xml_node test(std::size_t number) const {
    pugi::xml_node one = suite.child("testcase");
    for (; number > 0; --number) one = one.next_sibling("testcase");
    return one;
  }
  std::string text;
  pugi::xml_document document;
  pugi::xml_node suite;
};

}  // namespace

TEST_CASE("results as JUnit") {
  const std::string xml = junit("a<b>.json", {{"fine", {}, {}},
                                              {"bad \x1b", {{"severity", "3", "2", "level"}}, {}},
                                              {"gone", {}, "cannot open x"}});
  CHECK(xml.find(R"(<testsuite name="a&lt;b>.json" tests="3" failures="1" errors="1">)") !=
        std::string::npos);
  CHECK(xml.find("severity: wanted 3, got 2 (level)") != std::string::npos);
  CHECK(xml.find(R"(<error message="cannot open x">)") != std::string::npos);
  CHECK(xml.find('\x1b') == std::string::npos);
}

TEST_CASE("a JUnit file of rule tests counts all tests, also if there are none") {
  const Read none({});
  CHECK(std::string(none.suite.attribute("tests").value()) == "0");
  CHECK_FALSE(none.suite.child("testcase"));
  const Read some({{"a", {}, {}}, {"b", {{"tlp", "1", "2", ""}}, {}}, {"c", {}, "gone"}});
  for (const pugi::xml_node node : {some.suite, some.suite.parent()}) {
    CHECK(node.attribute("tests").as_int() == 3);
    CHECK(node.attribute("failures").as_int() == 1);
    CHECK(node.attribute("errors").as_int() == 1);
  }
  CHECK_FALSE(some.test(0).first_child());
  CHECK(std::string(some.test(2).attribute("classname").value()) == "t.json");
}

TEST_CASE("a failed rule test names its fields, and each difference on a line") {
  const Read file({{"a", {{"severity", "3", "2", "level"}, {"tags", "x", "(none)", ""}}, {}}});
  const pugi::xml_node failure = file.test(0).child("failure");
  CHECK(std::string(failure.attribute("message").value()) == "severity, tags");
  CHECK(std::string(failure.text().get()) ==
        "severity: wanted 3, got 2 (level)\ntags: wanted x, got (none)");
}

TEST_CASE("a rule test whose alert could not be read is an error with its differences") {
  const Read file({{"a", {{"tlp", "1", "2", ""}}, "cannot open x"}});
  CHECK_FALSE(file.test(0).child("failure"));
  const pugi::xml_node error = file.test(0).child("error");
  CHECK(std::string(error.attribute("message").value()) == "cannot open x, tlp");
  CHECK(std::string(error.text().get()) == "cannot open x\ntlp: wanted 1, got 2");
}

TEST_CASE("controls and markup in a rule test stay text of the JUnit file") {
  const std::string odd = "<a b='\"'>&\x1b[2J\x01\xff]]>";
  const Read file({{odd, {{odd, odd, odd, odd}}, {}}, {odd, {}, odd}}, odd);
  for (const char byte : {'\x1b', '\x01', '\xff'}) CHECK(file.text.find(byte) == std::string::npos);
  for (const char* reference : {"&#x1B;", "&#27;", "&#1;", "&#01;"}) {
    CHECK(file.text.find(reference) == std::string::npos);  // no such character in XML 1.0
  }
  CHECK(std::string(file.test(0).attribute("name").value()).starts_with("<a b='\"'>&\\u{1b}[2J"));
}
