// SPDX-License-Identifier: Apache-2.0
#include "yaml/read_yaml.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge;

namespace {

std::string dumped(std::string_view text, yaml::Scalars scalars = yaml::Scalars::texts) {
  const auto document = yaml::read(text, scalars);
  return document.ok() ? document->root().dump() : "error: " + document.status().message();
}

}  // namespace

TEST_CASE("scalars are texts, whatever they look like") {
  CHECK(dumped("a: 1\nb: true\nc: ~\nd: 'x y'\ne: |\n  two\n  lines\n") ==
        R"({"a":"1","b":"true","c":"~","d":"x y","e":"two\nlines\n"})");
  CHECK(dumped("- a\n- [b, {c: d}]\n") == R"(["a",["b",{"c":"d"}]])");
  CHECK(dumped("{\"a\": \"\\u00e9\"}") == "{\"a\":\"\xC3\xA9\"}");
}

TEST_CASE("typed scalars are those of YAML's core schema, quoted ones stay texts") {
  const auto typed = [](std::string_view text) { return dumped(text, yaml::Scalars::typed); };
  CHECK(typed("a: 1\nb: true\nc: ~\nd: '1'\ne: \"true\"\nf:\ng: -2.5\n") ==
        R"({"a":1,"b":true,"c":null,"d":"1","e":"true","f":null,"g":-2.5})");
  CHECK(typed("[yes, 0x1F, 1_000, 2.19.1, .5, -, True, 01]") ==
        R"(["yes","0x1F","1_000","2.19.1",".5","-","True","01"])");
}

TEST_CASE("aliases are followed, only the first document counts") {
  CHECK(dumped("a: &x {b: c}\nd: *x\n") == R"({"a":{"b":"c"},"d":{"b":"c"}})");
  CHECK(dumped("a: b\n---\nc: d\n") == R"({"a":"b"})");
}

TEST_CASE("invalid YAML, and keys that are not texts") {
  for (const char* wrong : {"a: [", "a: 'x", "a: *none\n", "? [a]\n: b\n", "\t- a: b\n  c"}) {
    CAPTURE(wrong);
    CHECK(yaml::read(wrong).status().code() == ExitCode::bad_input);
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
  CHECK_FALSE(yaml::read(bomb).ok());
  CHECK_FALSE(yaml::read("a: &a [*a]\n").ok());
  CHECK_FALSE(yaml::read(std::string(2000, '[')).ok());
}
