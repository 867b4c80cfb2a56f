// SPDX-License-Identifier: Apache-2.0
#include "thehive/sanitize.h"

#include <catch2/catch.hpp>

#include "base/text.h"

using namespace socbridge;
using namespace socbridge::thehive;

namespace {

Alert cleaned(const Alert& alert, ApiVersion version = ApiVersion::v5) {
  return clean(alert, version);
}

}  // namespace

TEST_CASE("an empty alert becomes one that TheHive accepts") {
  const Alert out = cleaned({});
  CHECK(out.type == "alert");
  CHECK(out.source == "unknown");
  CHECK(out.title == "(no title)");
  CHECK(out.source_ref.size() == 34);
  CHECK(out.severity >= 1);
}

TEST_CASE("an alert without a reference gets one from its content, the same each time") {
  Alert alert;
  alert.title = "t";
  const std::string first = cleaned(alert).source_ref;
  CHECK(cleaned(alert).source_ref == first);
  alert.description = "other";
  CHECK(cleaned(alert).source_ref != first);
}

TEST_CASE(
    "the parts of the key contain no separator or line break, and stay different when truncated") {
  CHECK(clean_type("a;b\nc") == "a_b c");
  CHECK(clean_source(" ; ") == "_");
  CHECK(clean_source("  ") == "unknown");
  const std::string one = clean_source_ref(std::string(400, 'x') + "1");
  const std::string two = clean_source_ref(std::string(400, 'x') + "2");
  CHECK(one != two);
  CHECK(utf16_length(one) <= limits::kSourceRef);
  CHECK(clean_source_ref("short;ref") == "short_ref");
}

TEST_CASE("levels are in range, for each version") {
  Alert alert;
  alert.severity = 9;
  alert.tlp = 4;
  alert.pap = 7;
  CHECK(cleaned(alert).severity == 4);
  CHECK(cleaned(alert).tlp == 4);
  CHECK(cleaned(alert, ApiVersion::v4).tlp == 3);
  CHECK(cleaned(alert).pap == 3);
  alert.severity = -1;
  alert.tlp = -1;
  CHECK(cleaned(alert).severity == 1);
  CHECK(cleaned(alert).tlp == 0);
}

TEST_CASE("tags: no empty ones, no duplicates, none that TheHive reads as a colour") {
  Alert alert;
  alert.tags = {" a ", "a", "", "\n", "b#a1B2c3", "c#a1B2cg"};
  CHECK(cleaned(alert).tags == std::vector<std::string>{"a", "b_a1B2c3", "c#a1B2cg"});
}

TEST_CASE("observables: trimmed, once, with a type, without empty ones") {
  Alert alert;
  for (const auto& [type, data] : {std::pair("IP", " 203.0.113.9 "), std::pair("ip", "203.0.113.9"),
                                   std::pair("", "x"), std::pair("url", " \n ")}) {
    Observable one;
    one.data_type = type;
    one.data = data;
    alert.observables.push_back(one);
  }
  const auto found = cleaned(alert).observables;
  REQUIRE(found.size() == 2);
  CHECK(found[0].data_type == "ip");
  CHECK(found[0].data == "203.0.113.9");
  CHECK(found[1].data_type == "other");
}

TEST_CASE("procedures are of version 5, with a time, once for each tactic") {
  Alert alert;
  alert.date_ms = 1000;
  alert.procedures = {{"T1110", 0, "execution", "a"},
                      {"T1110", 5, "execution", "twice"},
                      {"T1110", 5, "impact", "b"},
                      {"", 5, "impact", "no technique"}};
  const auto found = cleaned(alert).procedures;
  REQUIRE(found.size() == 2);
  CHECK(found[0].occur_ms == 1000);
  CHECK(found[1].tactic == "impact");
  CHECK(cleaned(alert, ApiVersion::v4).procedures.empty());
}

TEST_CASE("custom fields hold one JSON scalar each") {
  Alert alert;
  alert.custom_fields = {{"a", "5"},       {"b", "null"}, {"c", "[1,2]"},
                         {"d", "{broken"}, {"a", "6"},    {" ", "1"}};
  const auto found = cleaned(alert).custom_fields;
  REQUIRE(found.size() == 3);
  CHECK(found[0].value_json == "5");
  CHECK(found[1].value_json == R"("[1,2]")");
  CHECK(found[2].value_json == R"("{broken")");
}

TEST_CASE("values that cannot be truncated are omitted") {
  Alert alert;
  alert.external_link = "https://example.com/" + std::string(5000, 'x');
  alert.case_template = std::string(5000, 'x');
  CHECK(cleaned(alert).external_link.empty());
  CHECK(cleaned(alert).case_template.empty());
}
