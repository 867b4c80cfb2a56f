// SPDX-License-Identifier: Apache-2.0
#include "rules/assignments.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

Assignments read(const std::string& json) {
  const auto document = json_of(json);
  Faults faults;
  Assignments set = read_assignments(document.root(), faults);
  INFO(json << ": " << lines(faults));
  REQUIRE(faults.none());
  return set;
}

std::string fault(const std::string& json) {
  const auto document = json_of(json);
  Faults faults;
  read_assignments(document.root(), faults);
  return lines(faults);
}

std::string list_of(std::size_t count, const std::string& element) {
  std::string out = "[" + element;
  for (std::size_t i = 1; i < count; ++i) out += "," + element;
  return out + "]";
}

}  // namespace

TEST_CASE("values that are not named are not set") {
  const Assignments set = read(R"({"drop":false})");
  CHECK(set.drop == false);
  CHECK_FALSE(set.severity);
  CHECK_FALSE(set.title);
  CHECK_FALSE(set.group_by);
  CHECK_FALSE(set.observables);
  CHECK(set.tags.empty());
  CHECK(set.destinations.empty());
  CHECK(set.custom_fields.empty());
}

TEST_CASE("numbers and words of TheHive's scales") {
  CHECK(severity_of("1") == 1);
  CHECK(severity_of(" HIGH ") == 3);
  CHECK(severity_of("critical") == 4);
  for (const char* text : {"0", "5", "", "highest", "-1", "1.0", "18446744073709551617"}) {
    CAPTURE(text);
    CHECK_FALSE(severity_of(text));
  }
  CHECK(tlp_of("white") == 0);
  CHECK(tlp_of("TLP:AMBER+STRICT") == 3);
  CHECK(tlp_of("red") == 4);
  CHECK(tlp_of("4") == 4);
  CHECK_FALSE(tlp_of("5"));
  CHECK(pap_of("red") == 3);
  CHECK(pap_of("pap:green") == 1);
  CHECK_FALSE(pap_of("4"));
  CHECK_FALSE(pap_of("amber+strict"));
}

TEST_CASE("a scale accepts constants, templates and tables, and refuses impossible values") {
  CHECK(read(R"({"severity":3})").severity->constant() == "3");
  CHECK(read(R"({"severity":"{data.level}"})").severity);
  CHECK(fault(R"({"severity":"0"})") ==
        "severity: \"0\" is not a severity: use 1 to 4, or low to critical");
  CHECK(fault(R"({"pap":4})") == "pap: \"4\" is not a PAP: use 0 to 3, or clear to red");
  CHECK(fault(R"({"tlp":{"from":"data.x","map":{"a":"red"},"default":"blue"}})") ==
        "tlp: \"blue\" is not a TLP: use 0 to 4, or clear to red");
  CHECK(fault(R"({"severity":null})").find("must be a text or a number") != std::string::npos);
}

TEST_CASE("type and source are parts of the alert's key") {
  const std::string longest(32, 'x');
  CHECK(read(R"({"type":")" + longest + "\"}").type->constant() == longest);
  CHECK(fault(R"({"type":")" + longest + "x\"}").find("longer than 32 characters") !=
        std::string::npos);
  // Characters of TheHive's server, not bytes.
  std::string wide;
  for (int i = 0; i < 32; ++i) wide += "\u00e4";
  CHECK(read(R"({"source":")" + wide + "\"}").source);
  CHECK(fault(R"({"source":"a;b"})").starts_with("source: must not hold a semicolon"));
}

TEST_CASE("a description may contain the default text, other texts may not") {
  CHECK(read(R"({"description":"{description}"})").description);
  for (const char* name : {"title", "external_link"}) {
    CHECK(fault(R"({")" + std::string(name) + R"(":"{description}"})")
              .find("{description} is allowed only in a description") != std::string::npos);
  }
  CHECK(fault(R"({"title":""})") == "title: must be a text");
  CHECK(fault(R"({"title":5})") == "title: must be a text");
}

TEST_CASE("assignments: tags: up to 100, each a template") {
  CHECK(read(R"({"tags":"one"})").tags.size() == 1);
  CHECK(read(R"({"tags":)" + list_of(100, "\"a\"") + "}").tags.size() == 100);
  CHECK(fault(R"({"tags":)" + list_of(101, "\"a\"") + "}") == "tags: has more than 100 tags");
  CHECK(fault(R"({"tags":["a","{nope}"]})").starts_with("tags[1]: "));
  CHECK(fault(R"({"tags":[]})").find("must have 1 to 1000 values") != std::string::npos);
  CHECK(read(R"({"without_tags":["pci_*",7]})").without_tags ==
        std::vector<std::string>{"pci_*", "7"});
}

TEST_CASE("custom fields: names of 1 to 64 characters, once each, any scalar") {
  const Assignments set = read(R"({"custom_fields":{"a":"{rule.id}","b":5,"c":true}})");
  REQUIRE(set.custom_fields.size() == 3);
  CHECK(set.custom_fields[1].first == "b");
  CHECK(set.custom_fields[1].second.source() == "5");
  const std::string longest(64, 'n');
  CHECK(read(R"({"custom_fields":{")" + longest + R"(":"x"}})").custom_fields.size() == 1);
  CHECK(fault(R"({"custom_fields":{")" + longest + R"(n":"x"}})").find("1 to 64 characters") !=
        std::string::npos);
  CHECK(fault(R"({"custom_fields":{"":"x"}})").find("1 to 64 characters") != std::string::npos);
  CHECK(fault(R"({"custom_fields":{}})").starts_with("custom_fields: must map field names"));
  CHECK(fault(R"({"custom_fields":{"f":null}})") ==
        "custom_fields.f: must be a text, a number, true or false");
  CHECK(fault(R"({"custom_fields":{"a":"1","a":"2"}})") ==
        "custom_fields.a: is given twice; remove one of them");
}

TEST_CASE("one destination, or a list of 1 to 100") {
  CHECK(read(R"({"destination":"acme"})").destinations.size() == 1);
  CHECK(read(R"({"destination":)" + list_of(100, "\"a\"") + "}").destinations.size() == 100);
  CHECK(fault(R"({"destination":)" + list_of(101, "\"a\"") + "}") ==
        "destination: must have 1 to 100 destinations");
  CHECK(fault(R"({"destination":[]})") == "destination: must have 1 to 100 destinations");
  CHECK(fault(R"({"destination":["a",[]]})").starts_with("destination[1]: "));
}

TEST_CASE("a group is up to 8 paths, or none at all") {
  CHECK(read(R"({"group":false})").group_by->empty());
  CHECK(read(R"({"group":)" + list_of(8, "\"rule.id\"") + "}").group_by->size() == 8);
  CHECK(fault(R"({"group":)" + list_of(9, "\"rule.id\"") + "}") == "group: has more than 8 paths");
  for (const char* wrong : {"true", "\"rule.id\"", "null", "{}"}) {
    CAPTURE(wrong);
    CHECK(fault(R"({"group":)" + std::string(wrong) + "}")
              .starts_with("group: must be false or a list of paths"));
  }
  CHECK(fault(R"({"group":["rule.id",5]})") == "group[1]: must be a path, such as rule.id");
  CHECK(fault(R"({"promote":[true]})") == "promote[0]: must be a path, such as rule.id");
}

TEST_CASE("a set value must be known, and set once") {
  CHECK(fault("{}") == "sets nothing");
  CHECK(fault("[]").starts_with("must be an object; known are severity, tlp, pap"));
  CHECK(fault(R"({"drop":true,"drop":false})") == "drop: is given twice; remove one of them");
  CHECK(fault(R"({"Drop":true})").starts_with("unknown key \"Drop\""));
  CHECK(fault(R"({"observables":1})") == "observables: must be true or false");
}
