// SPDX-License-Identifier: Apache-2.0
#include "thehive/tlp_pap_severity.h"

#include <catch2/catch.hpp>

using namespace socbridge::thehive;

TEST_CASE("names and levels convert in both directions") {
  for (const bool five : {false, true}) {
    for (int level = 0; level <= (five ? 4 : 3); ++level) {
      CHECK(parse_tlp(tlp_name(level, five), five) == level);
      CHECK(parse_tlp(std::to_string(level), five) == level);
    }
  }
  for (int level = 0; level <= 3; ++level) CHECK(parse_pap(pap_name(level)) == level);
  for (int level = 1; level <= 4; ++level) CHECK(parse_severity(severity_name(level)) == level);
}

TEST_CASE("3 is red before 5.2, amber+strict from then on") {
  CHECK(tlp_name(3, false) == "red");
  CHECK(tlp_name(3, true) == "amber+strict");
  CHECK(parse_tlp("red", false) == 3);
  CHECK(parse_tlp("red", true) == 4);
  CHECK_FALSE(parse_tlp("amber+strict", false));
  CHECK_FALSE(parse_tlp("4", false));
}

TEST_CASE("tlp pap severity: spellings that people use") {
  CHECK(parse_tlp(" TLP:Amber ", true) == 2);
  CHECK(parse_tlp("white", true) == 0);
  CHECK(parse_tlp("TLP:WHITE", false) == 0);
  CHECK(parse_pap("pap:WHITE") == 0);
  CHECK(parse_severity("HIGH") == 3);
}

TEST_CASE("tlp pap severity: invalid levels") {
  for (const char* text : {"", "tlp:", "pap:red", "-1", "5", "1.0", "crimson"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_tlp(text, true));
  }
  CHECK_FALSE(parse_pap("4"));
  CHECK_FALSE(parse_pap("tlp:red"));
  CHECK_FALSE(parse_severity("0"));
  CHECK_FALSE(parse_severity(""));
  CHECK(severity_name(0) == "0");
  CHECK(severity_name(-7) == "-7");
  CHECK(tlp_name(9, true) == "9");
}
