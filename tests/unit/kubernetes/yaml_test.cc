// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/yaml.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge;
using kubernetes::read_yaml;

namespace {

std::string dumped(std::string_view text) {
  const auto document = read_yaml(text);
  return document.ok() ? document->root().dump() : "error: " + document.status().message();
}

}  // namespace

TEST_CASE("scalars are texts, whatever they look like") {
  CHECK(dumped("a: 1\nb: true\nc: ~\nd: 'x y'\ne: |\n  two\n  lines\n") ==
        R"({"a":"1","b":"true","c":"~","d":"x y","e":"two\nlines\n"})");
  CHECK(dumped("- a\n- [b, {c: d}]\n") == R"(["a",["b",{"c":"d"}]])");
  CHECK(dumped("{\"a\": \"\\u00e9\"}") == "{\"a\":\"\xC3\xA9\"}");
}

TEST_CASE("aliases are followed, only the first document counts") {
  CHECK(dumped("a: &x {b: c}\nd: *x\n") == R"({"a":{"b":"c"},"d":{"b":"c"}})");
  CHECK(dumped("a: b\n---\nc: d\n") == R"({"a":"b"})");
}

TEST_CASE("what is no YAML, or has keys that are no texts") {
  for (const char* wrong : {"a: [", "a: 'x", "a: *none\n", "? [a]\n: b\n", "\t- a: b\n  c"}) {
    CAPTURE(wrong);
    CHECK(read_yaml(wrong).status().code() == ExitCode::bad_input);
  }
  CHECK_THAT(dumped("a: b\nc: [\n"), Catch::Contains("line"));
}

TEST_CASE("YAML that would explode is refused") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int n = 0; n < 10; ++n) bomb += (n == 0 ? "" : ",") + before;
    bomb += "]\n";
  }
  CHECK_FALSE(read_yaml(bomb).ok());
  CHECK_FALSE(read_yaml("a: &a [*a]\n").ok());
  CHECK_FALSE(read_yaml(std::string(2000, '[')).ok());
}
