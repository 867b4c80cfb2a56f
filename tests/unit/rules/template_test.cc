// SPDX-License-Identifier: Apache-2.0
#include "rules/template.h"

#include "fixtures.h"
#include "http/client.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

const wazuh::Alert& sample() {
  static const wazuh::Alert kAlert = parse(
      R"({"id":"12.34","rule":{"level":10,"id":"5712","description":"a b/c","groups":["ssh","auth"],)"
      R"("firedtimes":3,"mail":true},"agent":{"name":"web 07","labels":{"site":"Paris"}},)"
      R"("data":{"n":5,"s":"x&y","o":{"k":1},"list":["b","a"],"one":["z"],"objects":[{"a":1}],)"
      R"("path":"C:\\Windows\\cmd.exe","unix":"/usr/bin/ls/","blank":"  ","empty":"","null":null}})");
  return kAlert;
}

Subject subject() { return {sample(), "ref-1", 1746519072345, "MADE"}; }

Template read(std::string_view text) {
  Faults faults("/title");
  Template out = Template::read(text, faults);
  INFO(text << ": " << lines(faults));
  REQUIRE(faults.none());
  return out;
}

std::string fill(std::string_view text, Encode encode = nullptr) {
  return read(text).text(subject(), encode);
}

}  // namespace

TEST_CASE("template: names and paths") {
  CHECK(fill("{id} {rule.id} {rule.level} {source_ref}") == "12.34 5712 10 ref-1");
  CHECK(fill("{agent.name}/{data.s}/{data.n}/{ rule.mail }") == "web 07/x&y/5/true");
  CHECK(fill("[{data.missing}{agent.ip}{data.o}{data.null}]") == "[]");
  CHECK(fill("{agent.labels.site}") == "Paris");
  CHECK(fill("{rule.groups} {data.objects}") == "ssh, auth ");
}

TEST_CASE("template: five minutes around the alert") {
  CHECK(fill("{time.from}") == "2025-05-06T08:06:12.345Z");
  CHECK(fill("{time.to}") == "2025-05-06T08:16:12.345Z");
}

TEST_CASE("values are encoded, the template is not") {
  CHECK(fill("https://d.example/#?q={rule.description}&s={data.s}", http::url_encode) ==
        "https://d.example/#?q=a%20b%2Fc&s=x%26y");
  CHECK(fill("{time.from}", http::url_encode) == "2025-05-06T08%3A06%3A12.345Z");
  CHECK(fill("{description}/{data.s}", http::url_encode) == "MADE/x%26y");
}

TEST_CASE("defaults: a text, a field, the first that is there") {
  CHECK(fill("{data.missing|unknown}") == "unknown");
  CHECK(fill("{data.missing|\"a | b } c\"}") == "a | b } c");
  CHECK(fill("{data.missing|'upper'}") == "upper");
  CHECK(fill("{data.missing|data.empty|data.s|none}") == "x&y");
  CHECK(fill("{data.s|none}") == "x&y");
  CHECK(fill("{data.missing|upper|none}") == "none");
  CHECK(fill("{data.missing|none|upper}") == "NONE");
  CHECK(fill("{data.missing|''}").empty());
}

TEST_CASE("template: filters") {
  CHECK(fill("{agent.name|upper} {agent.labels.site|lower}") == "WEB 07 paris");
  CHECK(fill("{data.list|first}{data.list|last}{data.s|first}") == "bax&y");
  CHECK(fill("{data.list|join: + } {data.list|join} {data.list|join:}") == "b + a b, a ba");
  CHECK(fill("{data.list|upper|join:/}{data.list|join:' | '}") == "B/Ab | a");
  CHECK(fill("{data.path|basename} {data.unix|basename}") == "cmd.exe ls");
  CHECK(fill("[{data.blank|trim}]") == "[]");
  CHECK(fill("{rule.description|cut:3}") == "a …");
  CHECK(fill("{data.s|url}") == "x%26y");
  CHECK(fill("{data.missing|first}{data.missing|join:x}{data.missing|json}").empty());
}

TEST_CASE("template: json of any value") {
  CHECK(fill("{data.o|json}") == R"({"k":1})");
  CHECK(fill("{data.objects|json|none}") == R"([{"a":1}])");
  CHECK(fill("{data.o|none|json}") == R"({"k":1})");
  CHECK(fill("{data.n|json} {data.s|json} {data.s|upper|json}") == R"(5 "x&y" "X&Y")");
  CHECK(fill("{data.list|upper|json}") == R"(["B","A"])");
  CHECK(fill("{data.missing|none|json}") == R"("none")");
}

TEST_CASE("template: whether all fields existed") {
  CHECK(read("{rule.id} {data.n}").fill(subject()).complete);
  CHECK_FALSE(read("{rule.id} {data.missing}").fill(subject()).complete);
  CHECK(read("{rule.id} {data.missing|-}").fill(subject()).complete);
  CHECK(read("plain").constant());
  CHECK(read("{{plain}}").literal() == "{plain}");
  CHECK_FALSE(read("{id}").constant());
  CHECK(read("x {data.a|data.b}").names("data.b"));
  CHECK_FALSE(read("x {data.a|'data.b'}").names("data.b"));
}

TEST_CASE("template: lists return each element separately") {
  using List = std::vector<std::string>;
  CHECK(read("{rule.groups}").list(subject()) == List{"ssh", "auth"});
  CHECK(read("{rule.groups|first}").list(subject()) == List{"ssh"});
  CHECK(read("site:{agent.labels.site}").list(subject()) == List{"site:Paris"});
  CHECK(read("site:{agent.labels.none}").list(subject()).empty());
  CHECK(read("plain").list(subject()) == List{"plain"});
  CHECK(read("").list(subject()).empty());
  // An empty tag or element of a custom field is invalid.
  CHECK(read("{data.none|\"\"}").list(subject()).empty());
  CHECK(read("{data.none|' '|trim}").list(subject()).empty());
}

TEST_CASE("template: a single field keeps its JSON type") {
  CHECK(read("{data.n}").json(subject()) == "5");
  CHECK(read("{rule.mail}").json(subject()) == "true");
  CHECK(read("{rule.level}").json(subject()) == "10");
  CHECK(read("{data.n} x").json(subject()) == "\"5 x\"");
  CHECK(read("{data.n|upper}").json(subject()) == "\"5\"");
  CHECK(read("{data.missing|data.n}").json(subject()) == "5");
  CHECK(read("{data.list}").json(subject()) == "\"b, a\"");
  CHECK(read("{data.missing}").json(subject()).empty());
}
