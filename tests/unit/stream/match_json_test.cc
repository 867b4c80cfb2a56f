// SPDX-License-Identifier: Apache-2.0
// Matches as lines of the journal.
#include <catch2/catch.hpp>

#include "json/value.h"
#include "stream/match.h"

using namespace socbridge;

namespace {

// A match of which every member has a value.
stream::StreamMatch whole() {
  stream::StreamMatch out;
  out.key = {"mail", "a@bad.example"};
  out.observables = {7, 18446744073709551615U};
  out.indicator = "indicator--1";
  out.opencti_id = "uuid";
  out.former = "indicator--0";
  out.state = "edited";
  out.event = {1763975702513, 4};
  out.name = "a \"name\"\nof two lines";
  out.pattern = "[email-addr:value = 'a@bad.example']";
  out.description = "d\x1b";
  out.score = 0;
  out.valid_until = "2099-01-01T00:00:00.000Z";
  out.labels = {"c2", ""};
  out.tactics = {"impact"};
  out.techniques = {"T1110"};
  out.references = {"https://a.example"};
  out.markings = {"TLP:AMBER"};
  out.partial = true;
  return out;
}

}  // namespace

TEST_CASE("Matches are read back") {
  stream::StreamMatch match;
  match.key = {"ip", "198.51.100.7"};
  match.observables = {7, 9};
  match.indicator = "indicator--1";
  match.state = "active";
  match.event = {1763975702513, 4};
  match.labels = {"c2", "\"quoted\""};
  match.techniques = {"T1110"};
  match.score = 85;
  const auto again = stream::StreamMatch::read(match.json());
  REQUIRE(again.ok());
  CHECK(again->json() == match.json());
  CHECK_FALSE(stream::StreamMatch::read("{}").ok());
  CHECK_FALSE(stream::StreamMatch::read("half").ok());
}

TEST_CASE("Every member of a match comes back, in one line") {
  const stream::StreamMatch match = whole();
  const std::string line = match.json();
  CHECK(line.find('\n') == std::string::npos);
  const auto back = stream::StreamMatch::read(line);
  REQUIRE(back.ok());
  CHECK((back->key == match.key && back->event == match.event && back->score == match.score));
  CHECK(back->observables == match.observables);
  CHECK((back->indicator == match.indicator && back->opencti_id == match.opencti_id));
  CHECK((back->former == match.former && back->state == match.state && back->name == match.name));
  CHECK((back->pattern == match.pattern && back->description == match.description));
  CHECK(back->valid_until == match.valid_until);
  CHECK((back->labels == match.labels && back->tactics == match.tactics));
  CHECK((back->techniques == match.techniques && back->references == match.references));
  CHECK((back->markings == match.markings && back->partial));
}

TEST_CASE("What a match does not say is left out, and a score of 0 is said") {
  stream::StreamMatch match;
  match.key = {"ip", "192.0.2.1"};
  match.indicator = "indicator--1";
  const auto parsed = json::Document::parse(match.json());
  REQUIRE(parsed.ok());
  for (const char* name : {"former", "pattern", "description", "score", "valid_until", "labels",
                           "tactics", "techniques", "references", "markings"}) {
    CAPTURE(name);
    CHECK(parsed->root()[name].missing());
  }
  CHECK(parsed->root()["partial"].boolean() == false);
  CHECK_FALSE(stream::StreamMatch::read(match.json())->score);
  match.score = 0;
  CHECK(stream::StreamMatch::read(match.json())->score == 0);
}

TEST_CASE("A line that is not a match is bad input") {
  for (const char* line : {"", "[]", "null", "\xff", R"({"kind":"ip","indicator":"i"})",
                           R"({"kind":"ip","indicator":"i","event_id":"5"})",
                           R"({"kind":"","indicator":"i","event_id":"5-0"})",
                           R"({"kind":"ip","indicator":["i"],"event_id":"5-0"})"}) {
    CAPTURE(line);
    const auto read = stream::StreamMatch::read(line);
    REQUIRE_FALSE(read.ok());
    CHECK(read.status().code() == ExitCode::bad_input);
  }
}

TEST_CASE("Numbers of observables that are none are left out of a match") {
  const auto read = stream::StreamMatch::read(
      R"({"kind":"ip","value":"v","indicator":"i","event_id":"5-0","score":"80","partial":"yes",)"
      R"("observables":["~7","8","~x","~","~99999999999999999999",9,null,"~8"],"labels":"c2"})");
  REQUIRE(read.ok());
  CHECK(read->observables == std::vector<std::uint64_t>{7, 8});
  CHECK_FALSE(read->score);
  CHECK_FALSE(read->partial);
  CHECK(read->labels.empty());
}
