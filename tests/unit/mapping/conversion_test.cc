// SPDX-License-Identifier: Apache-2.0
#include "mapping/conversion.h"

#include "base/text.h"
#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

using Texts = std::vector<std::string>;

wazuh::Alert with_rule(const std::string& members, const std::string& more = "") {
  return parse(R"({"id":"1.2","rule":{"level":5,"id":"7",)" + members + "}" + more + "}");
}

thehive::Alert converted(const wazuh::Alert& alert, const std::string& json = "{}",
                         std::vector<Explanation>* notes = nullptr) {
  const auto options = options_of(json);
  INFO(options.status().line());
  REQUIRE(options.ok());
  thehive::Alert out;
  convert(alert, *options, kNow, out, notes);
  return out;
}

std::string reason(const std::vector<Explanation>& notes, std::string_view field) {
  std::string out;
  for (const Explanation& note : notes) {
    if (note.field == field) out += note.value + " (" + note.rule + ")\n";
  }
  return out;
}

std::string groups_of(int count) {
  std::string out = R"("groups":[)";
  for (int i = 0; i < count; ++i) out += (i == 0 ? "\"g" : ",\"g") + std::to_string(i) + "\"";
  return out + "]";
}

}  // namespace

TEST_CASE("conversion: an empty alert is still converted") {
  std::vector<Explanation> notes;
  const auto alert = converted(parse("{}"), "{}", &notes);
  CHECK(alert.date_ms == kNow);
  CHECK(alert.severity == 1);
  CHECK(alert.title == "Wazuh alert");
  CHECK(alert.tags == Texts{"wazuh"});
  CHECK(alert.source_ref.starts_with("x-"));
  CHECK(reason(notes, "date") == "2023-11-14T22:13:20.000Z (no usable timestamp: now)\n");
  CHECK(reason(notes, "severity") == "1 (level 0 is below the severity table)\n");
  CHECK(reason(notes, "sourceRef").find("no id: from time, rule, agent") != std::string::npos);
}

TEST_CASE("the date of the alert wins, also one before 1970") {
  CHECK(converted(parse(R"({"timestamp":"2025-05-06T10:11:12.345+0200"})")).date_ms ==
        1746519072345);
  CHECK(converted(parse(R"({"timestamp":"yesterday"})")).date_ms == kNow);
}

TEST_CASE("an alias replaces the manager in the reference, and is named") {
  std::vector<Explanation> notes;
  converted(with_rule("\"x\":1"), R"({"manager_alias":"site-a"})", &notes);
  CHECK(reason(notes, "sourceRef").find("(id and SHA-256 of manager_alias and id)") !=
        std::string::npos);
}

TEST_CASE("a tag is trimmed, printable, within TheHive's limit, and unique") {
  const auto alert = converted(with_rule(R"("groups":[" a ","a","","  ","b\nc\u001b","\u202Ed",")" +
                                         std::string(300, 'x') + R"("])"),
                               R"({"tags":["a"," a"],"built_in_tags":["groups"]})");
  REQUIRE(alert.tags.size() == 4);
  CHECK(alert.tags[0] == "a");
  CHECK(alert.tags[1] == "b\\nc\\u{1b}");
  CHECK(alert.tags[2] == "\\u{202e}d");
  CHECK(utf16_length(alert.tags[3]) == thehive::limits::kTag);
}

TEST_CASE("conversion: an alert has at most 100 tags") {
  const auto alert = converted(with_rule(groups_of(150)), R"({"built_in_tags":["groups"]})");
  REQUIRE(alert.tags.size() == 100);
  CHECK(alert.tags[0] == "wazuh");
  CHECK(alert.tags[99] == "g98");
}

TEST_CASE("only the selected built-in tags are added") {
  const std::string more = R"(,"agent":{"name":"web-01"})";
  const wazuh::Alert alert = with_rule(R"("groups":["g"],"mitre":{"id":["T1110"]})", more);
  CHECK(converted(alert).tags == Texts{"wazuh", "rule:7", "agent:web-01", "T1110", "g"});
  CHECK(converted(alert, R"({"built_in_tags":[]})").tags == Texts{"wazuh"});
  CHECK(converted(alert, R"({"built_in_tags":["mitre"],"tags":[]})").tags == Texts{"T1110"});
  CHECK(converted(alert, R"({"built_in_tags":["rule"],"tags":[]})").tags == Texts{"rule:7"});
}

TEST_CASE("our own test alerts keep every tag that they are found by") {
  const wazuh::Alert own = with_rule(R"("groups":["socbridge_canary"])");
  CHECK(converted(own, R"({"built_in_tags":[]})").tags ==
        Texts{"wazuh", "rule:7", "socbridge_canary"});
}

TEST_CASE("a rule leaves tags out by pattern, and that is explained") {
  std::vector<Explanation> notes;
  const auto alert =
      converted(with_rule(R"("groups":["keep","pci_dss_1","PCI_dss_2"])"),
                R"({"rules":[{"name":"r","set":{"without_tags":["pci_*","rule:?"]}}]})", &notes);
  CHECK(alert.tags == Texts{"wazuh", "keep"});
  CHECK(reason(notes, "tags").find("pci_dss_1 (left out: rules[0] \"r\"") != std::string::npos);
}

TEST_CASE("a tactic is set only if it is certain") {
  const auto tactic = [](const std::string& tactics) {
    const auto alert = converted(with_rule(R"("mitre":{"id":["T1110"],"tactic":)" + tactics + "}"));
    REQUIRE(alert.procedures.size() == 1);
    CHECK(alert.procedures[0].occur_ms == kNow);
    return alert.procedures[0].tactic;
  };
  CHECK(tactic(R"([" Command and Control "])") == "command-and-control");
  CHECK(tactic(R"(["STEALTH"])") == "stealth");
  CHECK(tactic(R"(["Impact","Discovery"])").empty());
  CHECK(tactic(R"(["Impact "," "])") != "discovery");
  CHECK(tactic(R"(["impact2"])").empty());
  CHECK(tactic("[]").empty());
}

TEST_CASE("a link is complete or absent; filled-in values are encoded") {
  const wazuh::Alert alert = with_rule(R"("description":"a b/\u00e4&")");
  CHECK(converted(alert, R"({"external_link":"https://x.example/{rule.description}"})")
            .external_link == "https://x.example/a%20b%2F%C3%A4%26");
  const std::string room(thehive::limits::kExternalLink - 10, 'x');
  CHECK(converted(alert, R"({"external_link":"https://x/)" + room + "\"}").external_link.size() ==
        thehive::limits::kExternalLink);
  CHECK(converted(alert, R"({"external_link":"https://x/)" + room + "y\"}").external_link.empty());
}

TEST_CASE("a case template of missing fields is none") {
  CHECK(converted(parse("{}"), R"({"case_template":" {data.x} "})").case_template.empty());
  CHECK(converted(with_rule("\"x\":1"), R"({"case_template":"T{rule.id}"})").case_template == "T7");
}

TEST_CASE("a custom field of the wrong type is omitted, with the reason") {
  std::vector<Explanation> notes;
  const auto alert = converted(
      with_rule(R"("description":"many")"),
      R"({"custom_fields":{"n":{"value":"{rule.description}","type":"integer"},"ok":"{rule.id}"}})",
      &notes);
  REQUIRE(alert.custom_fields.size() == 1);
  CHECK(alert.custom_fields[0].name == "ok");
  CHECK(reason(notes, "customFields.n") ==
        "left out (custom_fields: \"many\" is not a whole number)\n");
}

TEST_CASE("a rule's value of a custom field keeps the configured type") {
  const auto alert = converted(with_rule(R"("description":"12")"),
                               R"({"custom_fields":{"n":{"value":"1","type":"integer"}},
                                   "rules":[{"set":{"custom_fields":{"n":"{rule.description}","m":"{rule.description}"}}}]})");
  REQUIRE(alert.custom_fields.size() == 2);
  CHECK(alert.custom_fields[0].value_json == "12");
  CHECK(alert.custom_fields[1].value_json == "\"12\"");
}

TEST_CASE("conversion: without notes the same alert is made") {
  const wazuh::Alert alert = with_rule(R"("groups":["g"])", R"(,"data":{"srcip":"203.0.113.9"})");
  std::vector<Explanation> notes;
  const auto with = converted(alert, "{}", &notes);
  const auto without = converted(alert);
  CHECK(with.tags == without.tags);
  CHECK(with.observables == without.observables);
  CHECK(with.description == without.description);
  CHECK(notes.size() > 8);
}

TEST_CASE("a template of the description escapes its values") {
  const std::string description = converted(with_rule(R"("description":"<img>|`x`")"),
                                            R"({"description":"- {rule.description}"})")
                                      .description;
  CHECK(description.starts_with("- &lt;img&gt;\\|"));
}
