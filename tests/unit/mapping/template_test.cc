// SPDX-License-Identifier: Apache-2.0
#include "mapping/template.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {
std::string fill(std::string_view text, Encoding encoding = Encoding::none) {
  const auto alert = parse(
      R"({"id":"12.34","rule":{"level":10,"id":"5712","description":"a b/c"},"agent":{"name":"web 07"},)"
      R"("data":{"n":5,"s":"x&y","o":{"k":1}}})");
  return fill_template(text, alert, "ref-1", 1746519072345, encoding);
}
}  // namespace

TEST_CASE("names and paths") {
  CHECK(fill("{id} {rule.id} {rule.level} {source_ref}") == "12.34 5712 10 ref-1");
  CHECK(fill("{agent.name}/{data.s}/{data.n}") == "web 07/x&y/5");
  CHECK(fill("[{data.missing}{agent.ip}{data.o}]") == "[]");
}

TEST_CASE("five minutes around the alert") {
  CHECK(fill("{time.from}") == "2025-05-06T08:06:12.345Z");
  CHECK(fill("{time.to}") == "2025-05-06T08:16:12.345Z");
}

TEST_CASE("values in links are percent-encoded, the template is not") {
  CHECK(fill("https://d.example/#?q={rule.description}&s={data.s}", Encoding::url) ==
        "https://d.example/#?q=a%20b%2Fc&s=x%26y");
  CHECK(fill("{time.from}", Encoding::url) == "2025-05-06T08%3A06%3A12.345Z");
}

TEST_CASE("braces") {
  CHECK(fill("{{id}} {id") == "{id} {id");
  CHECK(fill("}") == "}");
  CHECK(fill("").empty());
}

TEST_CASE("the link of an alert, and none that is cut") {
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
