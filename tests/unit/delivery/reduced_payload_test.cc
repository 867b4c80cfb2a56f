// SPDX-License-Identifier: Apache-2.0
#include "delivery/reduced_payload.h"

#include <catch2/catch.hpp>

#include "base/text.h"

namespace socbridge::delivery {
namespace {

thehive::Alert alert_of(std::vector<thehive::Observable> observables = {}) {
  thehive::Alert alert;
  alert.type = "t";
  alert.source = "s";
  alert.source_ref = "r";
  alert.description = "what happened";
  alert.observables = std::move(observables);
  return alert;
}

thehive::Observable of_type(const std::string& type, const std::string& data = "x") {
  thehive::Observable one;
  one.data_type = type;
  one.data = data;
  return one;
}

thehive::Alert full() {
  thehive::Alert alert = alert_of({of_type("ip", "203.0.113.9"), of_type("btc")});
  alert.procedures.push_back({"T1110", 1, ""});
  alert.custom_fields = {{"score", "\"high\""}, {"site", "5"}};
  alert.case_template = "triage";
  alert.external_link = "https://x.example";
  return alert;
}

// The parts for the next try as words; "none" if nothing is left to omit.
std::string next(const thehive::Alert& sent, const std::string& about, const Parts& already = {},
                 const std::string& message = "") {
  thehive::Delivery refusal;
  refusal.verdict = thehive::Verdict::refused;
  refusal.about = about;
  refusal.message = message;
  const auto parts = leave_out(sent, refusal, already);
  return parts ? join_parts(*parts) : "none";
}

const std::string kAll =
    "observables,procedures,custom_fields,case_template,external_link,long_text";

}  // namespace

TEST_CASE("parts are words with commas between them, there and back") {
  CHECK(parse_parts("").empty());
  CHECK(parse_parts(" , ,,").empty());
  CHECK(parse_parts(" types , field=a b ,long_text") == Parts{"types", "field=a b", "long_text"});
  CHECK(join_parts({}).empty());
  CHECK(join_parts(parse_parts("types,field=x")) == "types,field=x");
}

TEST_CASE("the part named by the server is omitted first") {
  CHECK(next(full(), "observabletype btc not found") == "type=btc");
  CHECK(next(full(), "unknown data type") == "types");
  CHECK(next(full(), "customfield score not found") == "field=score");
  CHECK(next(full(), "casetemplate triage not found") == "case_template");
  CHECK(next(full(), "pattern t1110 not found") == "procedures");
  CHECK(next(full(), "externallink is too long") == "external_link");
  CHECK(next(full(), "something else") == kAll);
}

TEST_CASE("a type is named as a word, not as a part of one") {
  const auto alert = alert_of({of_type("ip"), of_type("uri"), of_type("uri_path")});
  CHECK(next(alert, "observabletype uri_path not found") == "type=uri_path");
  CHECK(next(alert, "observabletype ip, uri not found") == "type=ip,type=uri");
  // None of the alert's types is named; of those it has, only uri is not one of TheHive's own.
  CHECK(next(alert, "observabletype zip not found") == "types");
  CHECK(next(alert_of({of_type("ip"), of_type("ip")}), "observabletype ip") == "type=ip");
  // A type already sent as `other` cannot be replaced by it.
  CHECK(next(alert_of({of_type("other")}), "observabletype other not found") ==
        "observables,long_text");
}

TEST_CASE("for custom fields without a name the repeated value is used, else all of them") {
  CHECK(next(full(), "customfield", {}, "Invalid format: High is not valid") == "field=score");
  CHECK(next(full(), "customfield", {}, "invalid format") == "custom_fields");
  // A short value is in any text.
  CHECK(next(full(), "customfield", {}, "line 5") == "custom_fields");
  thehive::Alert comma = alert_of();
  comma.custom_fields = {{"a,b", "\"value\""}};
  CHECK(next(comma, "customfield a,b", {}, "value") == "custom_fields");
}

TEST_CASE("the server names one field after the other; after anything else the rest is omitted") {
  CHECK(next(full(), "customfield site", {"field=score"}) == "field=score,field=site");
  CHECK(next(full(), "customfield score", {"field=score"}) == "field=score," + kAll);
  CHECK(next(full(), "case template", {"types"}) == "types," + kAll);
  CHECK(next(full(), "any", parse_parts(kAll)) == "none");
}

TEST_CASE("parts that the alert does not have are not omitted") {
  CHECK(next(alert_of(), "any") == "long_text");
  CHECK(next(alert_of(), "pattern not found") == "long_text");
  CHECK(next(alert_of(), "any", {"long_text"}) == "none");
}

TEST_CASE("too large: once with short texts; a wrong URL is not reduced") {
  thehive::Delivery refusal;
  refusal.verdict = thehive::Verdict::too_large;
  CHECK(leave_out(full(), refusal, {"field=score"}) == Parts{"field=score", "long_text"});
  CHECK_FALSE(leave_out(full(), refusal, {"long_text"}));
  refusal.verdict = thehive::Verdict::refused;
  refusal.wrong_place = true;
  CHECK_FALSE(leave_out(full(), refusal, {}));
}

TEST_CASE("reduced payload: without parts the alert is as it was") {
  const thehive::Alert alert = without(full(), {}, "words");
  CHECK(alert.description == "what happened");
  CHECK(alert.observables == full().observables);
}

TEST_CASE("omitted parts are listed in the description; the alert's key never changes") {
  const thehive::Alert alert = without(full(), parse_parts(kAll), "no | <b>");
  CHECK(alert.type + alert.source + alert.source_ref == "tsr");
  CHECK(alert.observables.empty());
  CHECK(alert.procedures.empty());
  CHECK(alert.custom_fields.empty());
  CHECK(alert.case_template.empty());
  CHECK(alert.external_link.empty());
  CHECK_THAT(alert.description, Catch::StartsWith("what happened\n\n---\n**Changed by socbridge"));
  CHECK_THAT(alert.description, Catch::Contains("TheHive said: no \\| &lt;b&gt;"));
  for (const char* line : {"\n- ip: ", "203.0.113.9", "\n- technique: T1110", "\n- score: ",
                           "\n- site: 5", "\n- case template: triage", "\n- link: "}) {
    CAPTURE(alert.description);
    CHECK_THAT(alert.description, Catch::Contains(line));
  }
}

TEST_CASE("types are replaced, with the original type as a tag") {
  const auto one = without(full(), {"type=btc"}, "");
  CHECK(one.observables[0].data_type == "ip");
  CHECK(one.observables[1].data_type == "other");
  CHECK(one.observables[1].tags == std::vector<std::string>{"type:btc"});
  const auto all = without(alert_of({of_type("ip"), of_type("x"), of_type("y")}), {"types"}, "");
  CHECK(all.observables[0].data_type == "ip");
  CHECK(all.observables[1].data_type == "other");
  CHECK(all.observables[2].tags == std::vector<std::string>{"type:y"});
  CHECK_THAT(all.description, Catch::EndsWith("unusual data types sent as other."));
}

TEST_CASE("one custom field is omitted, the others are kept") {
  const auto alert = without(full(), {"field=score"}, "");
  REQUIRE(alert.custom_fields.size() == 1);
  CHECK(alert.custom_fields[0].name == "site");
  CHECK_THAT(alert.description, Catch::Contains("\n- score: \"high\""));
}

TEST_CASE("the list of omitted parts has 100 lines and the number of the others") {
  thehive::Alert alert = alert_of();
  for (int i = 0; i < 150; ++i) alert.observables.push_back(of_type("other", std::to_string(i)));
  const std::string text = without(alert, {"observables"}, "").description;
  CHECK_THAT(text, Catch::Contains("\n- other: 99"));
  CHECK(text.find("\n- other: 100") == std::string::npos);
  CHECK_THAT(text, Catch::EndsWith("\n- and 50 more"));
}

TEST_CASE("a long text is truncated before the note, so that the note is complete") {
  thehive::Alert alert = alert_of();
  alert.description.clear();
  for (int i = 0; i < 20000; ++i) alert.description += "\u00e4";
  const std::string text = without(alert, {"long_text"}, "").description;
  CHECK(is_valid_utf8(text));
  CHECK(utf16_length(text) < 8500);
  CHECK_THAT(text, Catch::EndsWith("long text cut."));
}

TEST_CASE("the parts for people are printable, whatever was stored") {
  CHECK(describe_parts({}).empty());
  CHECK(describe_parts({"observables", "types", "type=a", "field=b", "external_link"}) ==
        "observables left out, unusual data types sent as other, data type a sent as other, "
        "custom field b left out, external link left out");
  const std::string hostile = describe_parts({"type=\x1b[2J", "field=\xff",
                                              "\x07"
                                              "x"});
  CHECK(hostile.find('\x1b') == std::string::npos);
  CHECK(hostile.find('\x07') == std::string::npos);
  CHECK(is_valid_utf8(hostile));
}

}  // namespace socbridge::delivery
