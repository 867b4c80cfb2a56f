// SPDX-License-Identifier: Apache-2.0
#include "opencti/marking.h"

#include <catch2/catch.hpp>

using namespace socbridge::opencti;
using Scheme = MarkingLevel::Scheme;

TEST_CASE("levels of names, in any case and with blanks around") {
  struct Row {
    const char* name;
    Scheme scheme;
    int level;
  };
  for (const Row& row : {Row{"TLP:CLEAR", Scheme::tlp, 0}, Row{"TLP:WHITE", Scheme::tlp, 0},
                         Row{" tlp:green ", Scheme::tlp, 1}, Row{"Tlp:Amber", Scheme::tlp, 2},
                         Row{"TLP:AMBER+STRICT", Scheme::tlp, 3}, Row{"TLP:RED", Scheme::tlp, 4},
                         Row{"PAP:WHITE", Scheme::pap, 0}, Row{"pap:red", Scheme::pap, 3},
                         Row{"TLP:ULTRA", Scheme::unknown, 0}, Row{"PAP:", Scheme::unknown, 0},
                         Row{"Copyright Example", Scheme::other, 0}, Row{"", Scheme::other, 0}}) {
    CAPTURE(row.name);
    const MarkingLevel level = level_of_marking(row.name);
    CHECK(level.scheme == row.scheme);
    CHECK(level.level == row.level);
  }
}

TEST_CASE("ids that the standards fix have a name, others not") {
  CHECK(marking_name("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed") == "TLP:RED");
  CHECK(marking_name("marking-definition--55D920B0-5E8B-4F79-9EE9-91F868D9B421") == "TLP:AMBER");
  const char* own = "marking-definition--00000000-0000-4000-8000-000000000001";
  CHECK(marking_name(own) == own);
  CHECK(marking_name("5e57c739-391a-4eb3-b6be-7d15ca92d5ed") ==
        "5e57c739-391a-4eb3-b6be-7d15ca92d5ed");  // no marking without the prefix
  CHECK(level_of_marking("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1").level == 4);
  CHECK(level_of_marking(own).scheme == Scheme::unknown);
}
