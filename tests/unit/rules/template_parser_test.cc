// SPDX-License-Identifier: Apache-2.0
#include "rules/template_parser.h"

#include "fixtures.h"

using namespace socbridge;
using namespace socbridge::rules;
using namespace socbridge::rules::test;

namespace {

const wazuh::Alert& sample() {
  static const wazuh::Alert kAlert = parse(
      R"({"id":"12.34","rule":{"level":10,"id":"5712","description":"a b/c","groups":["ssh","auth"]},)"
      R"("data":{"s":"x&y"}})");
  return kAlert;
}

Subject subject() { return {sample(), "ref-1", 1746519072345, "MADE"}; }

std::string fill(std::string_view text) {
  Faults faults("/title");
  const Template out = TemplateParser(text, faults).run();
  INFO(text << ": " << lines(faults));
  REQUIRE(faults.none());
  CHECK(out.source() == text);
  return out.text(subject());
}

// All faults as "offset: message".
std::vector<std::string> faults_of(std::string_view text) {
  Faults faults("/title");
  TemplateParser(text, faults).run();
  std::vector<std::string> out;
  for (const Fault& one : faults.list()) {
    CHECK(one.pointer == "/title");
    out.push_back(std::to_string(one.offset) + ": " + one.message);
  }
  return out;
}

// "offset: message; hint" of the first fault.
std::string fault_of(std::string_view text) {
  Faults faults("/title");
  Template::read(text, faults);
  INFO(text);
  REQUIRE_FALSE(faults.none());
  const Fault& first = faults.list().front();
  return std::to_string(first.offset) + ": " + first.message + "; " + first.hint;
}

}  // namespace

TEST_CASE("template parser: braces that are meant") {
  CHECK(fill("{{id}} }}{{") == "{id} }{");
  CHECK(fill("{{{rule.id}}}") == "{5712}");
  CHECK(fill("").empty());
}

TEST_CASE("what leads nowhere is a fault with its place") {
  CHECK(fault_of("ab {rule.descripton}") ==
        "4: rule has no member \"descripton\"; did you mean \"rule.description\"?");
  CHECK(fault_of("{agnt.name}") == "1: no alert has a member \"agnt\"; did you mean \"agent\"?");
  CHECK(fault_of("{nowhere.x}").starts_with("1: no alert has a member \"nowhere\"; name a field"));
  CHECK(fault_of("x {rule.id") == "2: a { without }; close it, or write {{ for a brace");
  CHECK(fault_of("{rule.id {id}") == "0: a { without }; close it, or write {{ for a brace");
  CHECK(fault_of("{id|\"x}").starts_with("0: a { without }"));
  CHECK(fault_of("a } b") == "2: a } without {; write }} for a brace");
  CHECK(fault_of("{}").starts_with("1: braces without a field"));
  CHECK(fault_of("{ |x}").starts_with("1: braces without a field"));
  CHECK(fault_of("{id|}").starts_with("4: nothing after |"));
  CHECK(fault_of("{id|uper}") ==
        "4: no filter is called \"uper\"; did you mean \"upper\"? For the text, put it in "
        "quotes");
  CHECK(fault_of("{id|upper:3}").starts_with("4: filter upper takes no argument"));
  CHECK(fault_of("{id|cut}").starts_with("4: cut needs a number"));
  CHECK(fault_of("{id|cut:0}").starts_with("4: cut needs a number"));
  CHECK(fault_of("{id|'a' b}").starts_with("4: text after a closing quote"));
  CHECK(fault_of("{id|rule.descriptio}").starts_with("4: rule has no member"));
  CHECK(fault_of(std::string(70000, 'x')).starts_with("0: the template is longer"));
}

TEST_CASE("texts in code that are not template stay as they are") {
  CHECK(Template("a {nowhere").text(subject()) == "a {nowhere");
  CHECK(Template("a {id}").text(subject()) == "a 12.34");
}

TEST_CASE("every mistake of a template is a fault, each at its own place") {
  using Faulty = std::vector<std::string>;
  CHECK(faults_of("{agnt.name} } {id|uper} {rule.id}") ==
        Faulty{"1: no alert has a member \"agnt\"", "12: a } without {",
               "18: no filter is called \"uper\""});
  // Of one expression the first.
  CHECK(faults_of("{id|uper|cut|}") == Faulty{"4: no filter is called \"uper\""});
  CHECK(faults_of("{id { x } y") == Faulty{"0: a { without }", "6: no alert has a member \"x\""});
  // What is not closed takes the rest with it.
  CHECK(faults_of("a {id|\"x} {nowhere}") == Faulty{"2: a { without }"});
}

TEST_CASE("a template may have 65536 bytes") {
  CHECK(faults_of(std::string(65536, 'x')).empty());
  CHECK(faults_of(std::string(65537, 'x')) ==
        std::vector<std::string>{"0: the template is longer than 65536 bytes"});
}

TEST_CASE("a default in quotes may hold signs of templates, and blanks around words do not count") {
  CHECK(fill("{data.none|'a|b}c{'}") == "a|b}c{");
  CHECK(fill("{data.none|\"it's\"}") == "it's");
  CHECK(fill("{ data.none | ' x ' }") == " x ");
  CHECK(fill("{data.none|it's}") == "it's");  // a quote inside of a word is one of its letters
  CHECK(fill("{\trule.id\t|\tupper\t}") == "5712");
}

TEST_CASE("separators of join keep their blanks, in quotes also signs of templates") {
  CHECK(fill("{rule.groups|join}") == "ssh, auth");
  CHECK(fill("{rule.groups|join: / }") == "ssh / auth");
  CHECK(fill("{rule.groups|join:\"}|\"}") == "ssh}|auth");
  CHECK(fault_of("{rule.groups|join:'}").starts_with("0: a { without }"));
}

TEST_CASE("template parser: cut takes 1 to 1048576 characters") {
  CHECK(fill("{rule.description|cut: 3 }") == "a …");
  CHECK(fill("{rule.description|cut:1048576}") == "a b/c");
  for (const char* wrong : {"{id|cut:}", "{id|cut:x}", "{id|cut:-1}", "{id|cut:1048577}",
                            "{id|cut:99999999999999999999}", "{id|cut:1.5}"}) {
    CAPTURE(wrong);
    CHECK(fault_of(wrong) == "4: cut needs a number of characters; for example {full_log|cut:80}");
  }
}

TEST_CASE("a foreign text in a fault is printable and short") {
  const std::string fault = fault_of("{zz\x1b[31m}");
  CHECK(fault.find('\x1b') == std::string::npos);
  CHECK(fault_of("{" + std::string(60000, 'q') + "}").size() < 300);
}
