// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/family_table.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace socbridge::mapping;

namespace {

using Start = FamilyPaths::Start;

// Where each begins, and its text: "data:data.a eventdata:@c".
std::string listed(const FamilyPaths& paths) {
  std::string out;
  for (const FamilyPaths::Place& place : paths.places()) {
    const char* const start = place.start == Start::root   ? "root"
                              : place.start == Start::data ? "data"
                                                           : "eventdata";
    out.append(out.empty() ? "" : " ").append(start).append(":").append(paths.text(place));
  }
  return out;
}

std::uint8_t only_slot(const FamilyPaths& paths) {
  REQUIRE(paths.places().size() == 1);
  return paths.places().front().slot;
}

}  // namespace

TEST_CASE("paths keep their order, their text and the object that they begin at") {
  CHECK(listed("data.a.b @c d.e") == "data:data.a.b eventdata:@c root:d.e");
  CHECK(listed("data.x=1,2 data.y") == "data:data.x=1,2 data:data.y");
  CHECK(listed("data") == "root:data");
  CHECK(listed("").empty());
}

TEST_CASE("a slot is that of the first name behind the start") {
  CHECK(only_slot("data.win.system") == name_slot("win"));
  CHECK(only_slot("data.srcip=1,2") == name_slot("srcip"));
  CHECK(only_slot("@image") == name_slot("image"));
  CHECK(only_slot("syscheck.path") == name_slot("syscheck"));
}

TEST_CASE("the table has no empty paths and no duplicate names") {
  std::set<std::string_view> names;
  for (const FamilyRow& row : family_rows()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.marks.places().empty());
    CHECK_FALSE(row.fields.empty());
    for (const FamilyField& field : row.fields) {
      CAPTURE(field.label);
      CHECK_FALSE(field.paths.places().empty());
      for (const FamilyPaths::Place& place : field.paths.places()) {
        CHECK_FALSE(field.paths.text(place).empty());
      }
    }
  }
  CHECK(names.size() > 10);
}
