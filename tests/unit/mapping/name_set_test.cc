// SPDX-License-Identifier: Apache-2.0
#include "mapping/name_set.h"

#include <catch2/catch.hpp>
#include <string>

#include "json/value.h"

using namespace socbridge;
using namespace socbridge::mapping;

TEST_CASE("the slot of a path is that of its first name") {
  CHECK(name_slot("win.system.computer") == name_slot("win"));
  CHECK(name_slot("srcip") != name_slot("dstip"));
  CHECK(name_slot("srcip") != name_slot("src_ip"));
  CHECK(name_slot("url") != name_slot("uri"));
  CHECK(name_slot("") == name_slot(".x"));
}

TEST_CASE("a set contains added names") {
  for (unsigned slot = 0; slot < 256; ++slot) {
    NameSet set;
    CHECK_FALSE(set.has(static_cast<std::uint8_t>(slot)));
    set.add(static_cast<std::uint8_t>(slot));
    for (unsigned other = 0; other < 256; ++other) {
      CHECK(set.has(static_cast<std::uint8_t>(other)) == (other == slot));
    }
    CHECK(NameSet::all().has(static_cast<std::uint8_t>(slot)));
  }
}

TEST_CASE("the names of an object, and all of a non-object") {
  const auto document = json::Document::parse(R"({"srcip":1,"a.b":{"inner":2},"":3,"list":[]})");
  REQUIRE(document.ok());
  const json::Value root = document->root();
  const NameSet names = NameSet::of(root);
  for (const char* const there : {"srcip", "srcip.x", "a", "a.b", "", "list"}) {
    CHECK(names.has(name_slot(there)));
  }
  for (const char* const missing : {"inner", "dstip", "b"}) {
    CHECK_FALSE(names.has(name_slot(missing)));
  }
  CHECK(NameSet::of(root["list"]).has(name_slot("anything")));
  CHECK(NameSet::of(root["nothing"]).has(name_slot("anything")));
}
