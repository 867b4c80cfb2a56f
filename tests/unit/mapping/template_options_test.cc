// SPDX-License-Identifier: Apache-2.0
#include "mapping/template_options.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

TEST_CASE("the link of an alert, never truncated") {
  Options options;
  options.external_link = "https://d.example/{id}";
  CHECK(map_fixture("six-fields", options).alert.external_link ==
        "https://d.example/1746519072.11");
  options.external_link = "https://d.example/" + std::string(600, 'x');
  CHECK(map_fixture("six-fields", options).alert.external_link.empty());
}

TEST_CASE("custom fields keep the type of a lone path") {
  Options options;
  options.custom_fields = {{"level", "{rule.level}"},
                           {"mail", "{rule.mail}"},
                           {"text", "rule {rule.id}"},
                           {"none", "{data.nothing}"},
                           {"quoted", "{data.srcuser}"}};
  const auto fields = map_fixture("six-fields", options).alert.custom_fields;
  REQUIRE(fields.size() == 4);
  CHECK(fields[0].value_json == "12");
  CHECK(fields[1].value_json == "false");
  CHECK(fields[2].value_json == "\"rule 100210\"");
  CHECK(fields[3].value_json == R"("LAB\\a.meyer")");
}

TEST_CASE("every text of the alert is a template") {
  const auto options = options_of(R"({
    "title": "{rule.description} on {agent.name|upper}", "type": "{agent.name}",
    "source": "wazuh-{manager.name}", "tags": ["site:{agent.labels.site|none}", "x:{data.nope}", "{rule.groups}"],
    "built_in_tags": ["agent"], "case_template": "T-{rule.id}",
    "external_link": "https://d.example/{rule.description|cut:4}"})");
  REQUIRE(options.ok());
  const auto alert =
      map(parse(R"({"id":"1.2","rule":{"level":10,"id":"5712","description":"a <b> c",
      "groups":["g1","g2"]},"agent":{"name":"web-01"},"manager":{"name":"m1"}})"),
          *options, kNow)
          .alert;
  CHECK(alert.title == "a <b> c on WEB-01");
  CHECK(alert.type == "web-01");
  CHECK(alert.source == "wazuh-m1");
  CHECK(alert.tags == std::vector<std::string>{"site:none", "g1", "g2", "agent:web-01"});
  CHECK(alert.case_template == "T-5712");
  CHECK(alert.external_link == "https://d.example/a%20%3C%E2%80%A6");
}

TEST_CASE("a title, type or source of missing fields is the usual one") {
  const auto options =
      options_of(R"({"title":"{data.x}","type":"{data.x}","source":" {data.x} "})");
  REQUIRE(options.ok());
  const auto alert =
      map(parse(R"({"rule":{"level":10,"id":"1","description":"d"}})"), *options, kNow).alert;
  CHECK(alert.title == "d");
  CHECK(alert.type == "wazuh_alert");
  CHECK(alert.source == "wazuh");
}

TEST_CASE("values in a description are escaped, the default text is inserted where named") {
  const auto options =
      options_of(R"({"description":"# Seen: {rule.description}\n\n{description}"})");
  REQUIRE(options.ok());
  const auto alert =
      map(parse(R"({"rule":{"level":10,"id":"1","description":"<b>|x"}})"), *options, kNow).alert;
  CHECK(alert.description.starts_with("# Seen: &lt;b&gt;\\|x\n\n**"));
  CHECK(alert.description.find("| Rule | 1 |") != std::string::npos);
}

TEST_CASE("a template with a mistake names file, line and column of it") {
  const auto error = [](const char* json) {
    const auto options = options_of(json);
    REQUIRE_FALSE(options.ok());
    CHECK(options.status().code() == ExitCode::usage);
    return options.status().line();
  };
  CHECK(error("{\n  \"title\": \"ab {rule.descripton}\"\n}") ==
        "w2thive.json:2:17: title: rule has no member \"descripton\"; did you mean "
        "\"rule.description\"?");
  // The column counts bytes of the source.
  CHECK(error(R"({"title":"\u00e4\n{nope}"})").starts_with("w2thive.json:1:20: title: no alert"));
  CHECK(error(R"({"tags":["a","{x"]})").starts_with("w2thive.json:1:15: tags[1]: a { without }"));
  CHECK(error(R"({"custom_fields":{"a/b":"{}"}})")
            .starts_with("w2thive.json:1:27: custom_fields.a/b: braces without a field"));
  CHECK(error(R"({"external_link":"{description}"})").find("did you mean {rule.description}") !=
        std::string::npos);
  CHECK(error(R"({"built_in_tags":["rules"]})").find("known are rule, agent") != std::string::npos);
  CHECK(error(R"({"rules":[{"set":{"tags":["{id"]}}]})")
            .starts_with("w2thive.json:1:28: rules[0].set.tags[0]: a { without }"));
}

TEST_CASE("custom fields become values of their type, or report the reason") {
  const auto options = options_of(R"({"custom_fields":{
    "i":{"value":"{data.i}","type":"integer"}, "f":{"value":"{data.f}","type":"float"},
    "b":{"value":"{data.b}","type":"boolean"}, "d":{"value":"{timestamp}","type":"date"},
    "d2":{"value":"{data.epoch}","type":"date"}, "s":{"value":"{data.i}","type":"string"},
    "list":{"value":"{data.list}","type":"string"}, "one":{"value":"{data.one}","type":"integer"},
    "bad":{"value":"{data.word}","type":"integer"}, "many":{"value":"{data.list}","type":"integer"},
    "none":{"value":"{data.none}","type":"integer"}, "auto":"{data.list}"}})");
  REQUIRE(options.ok());
  const Mapped mapped = map(
      with_data(
          R"({"i":"42","f":"1.5","b":"Yes","epoch":1700000000,"list":["1","2"],"one":["7"],"word":"x"})"),
      *options, kNow, true);
  std::string got;
  for (const auto& field : mapped.alert.custom_fields)
    got += field.name + "=" + field.value_json + ' ';
  CHECK(got ==
        "i=42 f=1.5 b=true d=1746519072345 d2=1700000000000 s=\"42\" list=\"1, 2\" one=7 "
        "auto=\"1, 2\" ");
  std::string left_out;
  for (const auto& one : mapped.explanations) {
    if (one.value == "left out") left_out += one.field + ": " + one.rule + "\n";
  }
  CHECK(
      left_out ==
      "customFields.bad: custom_fields: \"x\" is not a whole number\n"
      "customFields.many: custom_fields: a list of 2 values is not a whole number; add |first, or "
      "make the field a string\n");
}
