// SPDX-License-Identifier: Apache-2.0
// What is written to the alert or case of one observable, and what is not.
#include <algorithm>
#include <catch2/catch.hpp>

#include "hive_fixture.h"
#include "stream/delivery.h"

namespace socbridge::stream {
namespace {

using Texts = std::vector<std::string>;
using thehive::Subject;

struct Fixture : HiveFixture {
  explicit Fixture(const char* version = "5.7.3-1") : HiveFixture({}, version) {}
  // What was done with the observable.
  std::string deliver(const StreamMatch& match, StreamDelivery::Options options = {}) {
    StreamDelivery delivery(client, std::move(options));
    std::string out;
    const Status done =
        delivery.deliver(match, [&](const StreamMatch&, const std::string&, const Subject&,
                                    std::string_view what) { out = what; });
    INFO(done.line());
    REQUIRE(done.ok());
    return out;
  }
  Subject subject = new_case(R"(,"tlp":2,"pap":2)");
  std::uint64_t number = observable(subject);
};

StreamMatch with_state(StreamMatch match, const char* state) {
  match.state = state;
  return match;
}
StreamMatch marked(StreamMatch match, const char* marking) {
  match.markings = {marking};
  return match;
}
bool has(const Texts& texts, const char* text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}
StreamDelivery::Options dry() {
  StreamDelivery::Options out;
  out.dry_run = true;
  return out;
}

}  // namespace

TEST_CASE("an event is a comment once, with its tags and techniques") {
  Fixture w;
  StreamMatch match = a_match({w.number});
  match.techniques = {"T1110"};
  CHECK(w.deliver(match) == "added");
  CHECK(w.deliver(match) == "known");
  CHECK(w.deliver(a_match({w.number}, 999)) == "known");  // an earlier one
  const Texts comments = w.comments(w.subject);
  REQUIRE(comments.size() == 1);
  CHECK_THAT(comments[0], Catch::Contains("198.51.100.7") && Catch::Contains("80 of 100"));
  CHECK(has(w.tags(w.number), "opencti"));
  CHECK(has(w.tags(w.number), "opencti:c2"));
  CHECK(w.techniques(w.subject) == Texts{"T1110"});
}

TEST_CASE("a later event of the same state brings the comment up to date") {
  Fixture w;
  CHECK(w.deliver(a_match({w.number})) == "added");
  CHECK(w.deliver(a_match({w.number}, 2000)) == "known");  // it says nothing new
  StreamMatch changed = a_match({w.number}, 3000);
  changed.score = 95;
  CHECK(w.deliver(changed) == "changed");
  const Texts comments = w.comments(w.subject);
  REQUIRE(comments.size() == 1);
  CHECK_THAT(comments[0], Catch::Contains("95 of 100") && !Catch::Contains("80 of 100"));
  CHECK(w.deliver(changed) == "known");
}

TEST_CASE("another state is a new comment, and the one before no longer stands") {
  Fixture w;
  CHECK(w.deliver(a_match({w.number})) == "added");
  CHECK(w.deliver(with_state(a_match({w.number}, 2000), "revoked")) == "added");
  const Texts comments = w.comments(w.subject);
  REQUIRE(comments.size() == 2);
  const auto old = std::find_if(comments.begin(), comments.end(), [](const std::string& one) {
    return mark_of(one)->state == "active";
  });
  REQUIRE(old != comments.end());
  CHECK(*old == superseded(*old));
  CHECK(has(w.tags(w.number), "opencti:revoked"));
  CHECK(w.deliver(a_match({w.number}, 3000)) == "added");
  CHECK_FALSE(has(w.tags(w.number), "opencti:revoked"));
}

TEST_CASE("a withdrawal of what was never reported is not reported") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    Fixture w(version);
    CHECK(w.deliver(with_state(a_match({w.number}), "deleted")) == "known");
    CHECK(w.tags(w.number).empty());
  }
}

TEST_CASE("the comment of an indicator whose id changed is found again") {
  Fixture w;
  StreamMatch before = a_match({w.number});
  before.opencti_id.clear();  // as in comments of earlier versions
  CHECK(w.deliver(before) == "added");
  StreamMatch after = a_match({w.number}, 2000);
  after.indicator = "indicator--2";
  after.former = "indicator--1";
  CHECK(w.deliver(after) == "changed");
  CHECK(w.comments(w.subject).size() == 1);
}

TEST_CASE("comments of people and of other indicators stay as they are") {
  Fixture w;
  REQUIRE(thehive::add_comment(w.client, w.subject, "of a person", Fixture::soon()).ok());
  StreamMatch other = a_match({w.number});
  other.opencti_id = "22222222-2222-4333-8444-555555555555";
  other.indicator = "indicator--2";
  CHECK(w.deliver(other) == "added");
  CHECK(w.deliver(a_match({w.number})) == "added");
  CHECK(w.deliver(with_state(a_match({w.number}, 2000), "revoked")) == "added");
  const Texts comments = w.comments(w.subject);
  CHECK(comments.size() == 4);
  CHECK(has(comments, "of a person"));
  CHECK(std::count_if(comments.begin(), comments.end(),
                      [](const std::string& one) { return superseded(one) == one; }) == 1);
}

TEST_CASE("what is marked above the case is not written there") {
  for (const char* version : {"5.7.3-1", "4.1.24-1"}) {
    Fixture w(version);
    for (const char* marking : {"TLP:RED", "PAP:RED", "marking-definition--unknown"}) {
      CHECK(w.deliver(marked(a_match({w.number}), marking)) == "withheld");
    }
    CHECK(w.tags(w.number).empty());
  }
  Fixture w;
  CHECK(w.deliver(marked(a_match({w.number}), "TLP:RED")) == "withheld");
  CHECK(w.comments(w.subject).empty());
  CHECK(w.deliver(marked(a_match({w.number}), "TLP:AMBER")) == "added");
}

TEST_CASE("what was written before its marking was raised is taken out again") {
  Fixture w;
  StreamMatch match = a_match({w.number});
  match.description = "a secret of the feed";
  CHECK(w.deliver(match) == "added");
  StreamMatch second = with_state(match, "expired");
  second.event = {2000, 0};
  CHECK(w.deliver(second) == "added");
  StreamMatch raised = marked(match, "TLP:RED");
  raised.event = {3000, 0};
  CHECK(w.deliver(raised) == "changed");
  CHECK(w.deliver(raised) == "known");
  for (const std::string& one : w.comments(w.subject)) {
    CHECK_THAT(one, !Catch::Contains("a secret") && !Catch::Contains("botnet") &&
                        !Catch::Contains("80 of 100"));
  }
  CHECK_FALSE(has(w.tags(w.number), "opencti:c2"));
}

TEST_CASE("a dry run writes nothing, and says what it would") {
  Fixture w;
  CHECK(w.deliver(a_match({w.number}), dry()) == "would add");
  CHECK(w.comments(w.subject).empty());
  CHECK(w.tags(w.number).empty());
  CHECK(w.deliver(a_match({w.number})) == "added");
  StreamMatch changed = a_match({w.number}, 2000);
  changed.score = 95;
  CHECK(w.deliver(changed, dry()) == "would change");
  CHECK_THAT(w.comments(w.subject).at(0), Catch::Contains("80 of 100"));
  Fixture old("4.1.24-1");
  CHECK(old.deliver(a_match({old.number}), dry()) == "would change");
  CHECK(old.tags(old.number).empty());
  CHECK(old.tags(old.subject).empty());
}

TEST_CASE("a technique that TheHive does not know is not a reason to repeat the match") {
  Fixture w;
  StreamMatch match = a_match({w.number});
  match.techniques = {"T9999", "T1110"};
  CHECK(w.deliver(match) == "added");
  CHECK(w.techniques(w.subject) == Texts{"T1110"});
}

TEST_CASE("TheHive 4 has no comments: tags say it") {
  Fixture w("4.1.24-1");
  CHECK(w.deliver(a_match({w.number})) == "changed");
  CHECK(w.deliver(a_match({w.number}, 2000)) == "known");
  CHECK(has(w.tags(w.number), "opencti:c2"));
  CHECK(w.tags(w.subject) == Texts{"opencti"});
  CHECK(w.deliver(with_state(a_match({w.number}, 3000), "revoked")) == "changed");
  CHECK(has(w.tags(w.number), "opencti:revoked"));
  CHECK(w.deliver(a_match({w.number}, 4000)) == "changed");
  CHECK_FALSE(has(w.tags(w.number), "opencti:revoked"));
  CHECK(w.deliver(marked(a_match({w.number}, 5000), "TLP:RED")) == "changed");
  CHECK_FALSE(has(w.tags(w.number), "opencti"));
  CHECK_FALSE(has(w.tags(w.number), "opencti:c2"));
}

}  // namespace socbridge::stream
