// SPDX-License-Identifier: Apache-2.0
// What a context becomes in an alert or case: what is withheld, tags, note, procedures.
#include "context/context_attachment.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "samples.h"

namespace socbridge::context {
namespace {

using opencti::Context;
using opencti::Link;
using Texts = std::vector<std::string>;

const marking::MarkingRule kRule;
constexpr marking::PlaceLimits kAmber{2, 2};

Target target(std::vector<thehive::ObservableInfo> observables = {}) {
  Target out;
  out.date_ms = 1700000000000;
  out.observables = std::move(observables);
  return out;
}
thehive::ObservableInfo observable(const char* id, const char* type, const char* data) {
  thehive::ObservableInfo out;
  out.id = id;
  out.data_type = type;
  out.data = data;
  return out;
}
Attachment attachment(const std::vector<Context>& contexts, bool of_threats = false) {
  return make_attachment(target(), contexts, of_threats, kNow);
}
Texts techniques(const Attachment& of) {
  Texts out;
  for (const thehive::Procedure& one : of.procedures) out.push_back(one.pattern_id);
  return out;
}

}  // namespace

TEST_CASE("an observable above the limits is taken out with its direct links and the reports") {
  Context context = sample();
  context.indicators[0].markings = {"TLP:RED"};
  CHECK(withhold(context, kRule, kAmber) == 1);
  CHECK(context.indicators.empty());
  CHECK(context.observables.size() == 1);
  CHECK(context.links.empty());  // all of them led from the indicator
  CHECK(context.reports.empty());
  CHECK(context.withheld == 1);
  CHECK(context.known());
}

TEST_CASE("a link above the limits takes what leads through it along") {
  Context context = sample();
  context.links[0].markings = {"TLP:RED"};
  CHECK(withhold(context, kRule, kAmber) == 1);
  REQUIRE(context.links.size() == 1);
  CHECK(context.links[0].threat.name == "Web Protocols");
  CHECK(context.reports.size() == 1);
  Context far = sample();
  far.links[2].markings = {"TLP:RED"};
  CHECK(withhold(far, kRule, kAmber) == 1);
  CHECK(far.links.size() == 2);
}

TEST_CASE("a link that is reached another way stays") {
  Context context = sample();
  context.links[0].subject = "domain-name--1";
  context.indicators[0].markings = {"PAP:RED"};
  CHECK(withhold(context, kRule, kAmber) == 1);
  CHECK(context.links.size() == 2);  // the malware of the observable, and its actor
  CHECK(context.links[1].threat.name == "APT-EXAMPLE");
}

TEST_CASE("reports above the limits are taken out, nothing is below wide ones") {
  Context context = sample();
  context.reports[0].markings = {"TLP:AMBER+STRICT"};
  CHECK(withhold(context, kRule, kAmber) == 1);
  CHECK(context.reports.empty());
  Context whole = sample();
  CHECK(withhold(whole, kRule, {4, 3}) == 0);
  CHECK(whole.links.size() == 3);
  CHECK(withhold(whole, kRule, {0, 0}) == 2);  // green and amber
  CHECK_FALSE(whole.known());
  CHECK(whole.withheld == 2);
}

TEST_CASE("tags say what a value is known for, of direct links without techniques") {
  CHECK(tags_of(sample()) == Texts{"opencti:known", R"(opencti:malware="ExampleRAT")",
                                   R"(opencti:label="c2")", R"(opencti:label="botnet")"});
  CHECK(tags_of(unknown()).empty());
  Context revoked = sample();
  revoked.indicators[0].revoked = true;
  CHECK(tags_of(revoked) == Texts{"opencti:revoked"});
  Context actor = sample();
  actor.links = {link("indicates", "Threat-Actor-Individual", "Eve")};
  CHECK(tags_of(actor)[1] == R"(opencti:threat-actor="Eve")");
}

TEST_CASE("tags of hostile texts have no quotes and breaks within, and fit or are left out") {
  Context context = sample();
  context.links.clear();
  context.indicators.clear();
  context.observables[0].labels = {"a\"b\n\x1b\xff", std::string(300, 'x'), "c2"};
  const Texts tags = tags_of(context);
  REQUIRE(tags.size() == 3);
  CHECK(std::count(tags[1].begin(), tags[1].end(), '"') == 2);
  CHECK(tags[1].find('\n') == std::string::npos);
  CHECK(tags[1].find('\x1b') == std::string::npos);
  CHECK(tags[2] == R"(opencti:label="c2")");
}

TEST_CASE("at most 30 tags of a value and of a target, each once") {
  Context context = sample();
  context.observables[0].labels.clear();
  for (int i = 0; i < 100; ++i) context.observables[0].labels.push_back(std::to_string(i));
  CHECK(tags_of(context).size() == 30);
  CHECK(attachment({context, sample()}).tags.size() == 30);
  CHECK(attachment({sample(), sample()}).tags == tags_of(sample()));
}

TEST_CASE("nothing is attached of unknown values") {
  Context failed = unknown("failed.example");
  failed.status = Status::error(ExitCode::unreachable, "down");
  for (const auto& contexts : {std::vector<Context>{}, {unknown()}, {failed}}) {
    const Attachment made = attachment(contexts);
    CHECK(made.text.empty());
    CHECK(made.tags.empty());
    CHECK(made.procedures.empty());
  }
}

TEST_CASE("a note counts the other observables, but not what was withheld or not asked") {
  Context failed = unknown("failed.example"), hidden = unknown("hidden.example");
  failed.status = Status::error(ExitCode::unreachable, "down");
  hidden.withheld = 1;
  const Attachment made = attachment({sample(), unknown("a"), unknown("b"), failed, hidden});
  CHECK(made.marker == "socbridge:opencti-context");
  CHECK_THAT(made.text, Catch::StartsWith("## OpenCTI context\n\n### `evil.example`"));
  CHECK_THAT(made.text, Catch::EndsWith("\n2 other observables are not known.\n"));
  CHECK(made.text.find("hidden") == std::string::npos);
  CHECK_THAT(attachment({sample()}).text, !Catch::Contains("not known"));
}

TEST_CASE("a note that is full says how much more is known") {
  Context large = sample();
  for (int i = 0; i < 1000; ++i) {
    large.reports.push_back(large.reports[0]);
    large.reports.back().name = std::string(190, 'r');
  }
  const Attachment made = attachment({large, large});
  CHECK(made.text.size() < 410000);
  CHECK_THAT(made.text, Catch::EndsWith("1 more are known, but this note is full.\n"));
}

TEST_CASE("procedures are direct techniques, and those of threats only if wanted") {
  Context context = sample();
  context.links.push_back(far_link(context.links[0], link("uses", "Attack-Pattern", "T", "T1110")));
  context.links.push_back(link("indicates", "Attack-Pattern", "Of a feed"));  // without an id
  context.links.push_back(link("related-to", "Attack-Pattern", "Again", "T1071.001"));
  const Attachment direct = attachment({context});
  CHECK(techniques(direct) == Texts{"T1071.001"});
  CHECK(direct.procedures[0].occur_ms == 1700000000000);
  CHECK_THAT(direct.procedures[0].description,
             Catch::StartsWith("OpenCTI: ") && Catch::EndsWith(" indicates"));
  const Attachment all = attachment({context}, true);
  CHECK(techniques(all) == Texts{"T1071.001", "T1110"});
  CHECK_THAT(all.procedures[1].description, Catch::EndsWith(" through ExampleRAT"));
}

TEST_CASE("each observable of the target gets the tags of its own value") {
  const Target of =
      target({observable("~1", "fqdn", "EVIL.example"), observable("~2", "domain", "evil.example"),
              observable("~3", "domain", "unknown.example")});
  Context fqdn = sample();
  fqdn.value = opencti::value_of("fqdn", "evil.example");
  fqdn.links.clear();
  const Attachment made = make_attachment(of, {sample(), fqdn, unknown()}, false, kNow);
  REQUIRE(made.observable_tags.size() == 2);
  CHECK(made.observable_tags[0].id == "~1");
  CHECK(made.observable_tags[0].name == "EVIL.example");
  CHECK(made.observable_tags[0].tags == tags_of(fqdn));
  CHECK(made.observable_tags[1].tags == tags_of(sample()));
}

}  // namespace socbridge::context
