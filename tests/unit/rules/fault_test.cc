// SPDX-License-Identifier: Apache-2.0
#include "rules/fault.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::rules;

TEST_CASE("a JSON pointer is shown to people as members with dots and elements in brackets") {
  CHECK(path_of("").empty());
  CHECK(path_of("/rules/2/set/title") == "rules[2].set.title");
  CHECK(path_of("/0/a") == "[0].a");
  CHECK(path_of("/a//b") == "a..b");  // a member with an empty name
}

TEST_CASE("escapes of a JSON pointer are read in one pass") {
  CHECK(path_of("/a~1b/c~0d") == "a/b.c~d");
  CHECK(path_of("/~01") == "~1");  // not a slash
  CHECK(path_of("/a~") == "a~");
  CHECK(path_of("/a~/b") == "a~.b");
}

TEST_CASE("names in a path are printable and short") {
  CHECK(path_of("/a\x1b[31m\n") == "a\\u{1b}[31m\\n");
  CHECK(path_of("/" + std::string(5000, 'x')).size() < 200);
}

TEST_CASE("a fault is its path and its message; that of an unknown key stands at the object") {
  CHECK(line_of({"/rules/2/set", json::kWholeValue, "must be an object", "hint"}) ==
        "rules[2].set: must be an object");
  CHECK(line_of({"/rules/2/sett", json::kWholeValue, "unknown key \"sett\"", ""}) ==
        "rules[2]: unknown key \"sett\"");
  CHECK(line_of({"/sett", json::kWholeValue, "unknown key \"sett\"", ""}) ==
        "unknown key \"sett\"");
  CHECK(line_of({"", json::kWholeValue, "must be an array", ""}) == "must be an array");
}

TEST_CASE("faults have the place that is being read, with names that a pointer has to escape") {
  Faults faults("/rules");
  {
    const Faults::Scope element(faults, std::size_t{2});
    const Faults::Scope member(faults, "a/b~c");
    faults.add("wrong", "hint", 3);
  }
  faults.add("later");
  REQUIRE(faults.list().size() == 2);
  CHECK(faults.list()[0].pointer == "/rules/2/a~1b~0c");
  CHECK(faults.list()[0].offset == 3);
  CHECK(line_of(faults.list()[0]) == "rules[2].a/b~c: wrong");
  CHECK(faults.list()[1].pointer == "/rules");
}
