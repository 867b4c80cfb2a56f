// SPDX-License-Identifier: Apache-2.0
#include "stream/event.h"

#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::stream {

TEST_CASE("an event has one name and the same members for programs and for people") {
  const Event outage = event::Outage{event::Outage::Of::opencti, "no \"answer\"", 500};
  CHECK(event_json(outage) ==
        R"({"event":"opencti_down","reason":"no \"answer\"","retry_ms":500})");
  CHECK(event_text(outage) == R"(opencti_down: reason no "answer", retry_ms 500)");
  const Event warning = event::Warning{event::Warning::About::own_unknown, "why"};
  CHECK(event_text(warning) == "own_unknown: reason why");
  const Event failed = event::LookupFailed{"no", 3, ""};
  CHECK(event_json(failed) == R"({"event":"asking_failed","reason":"no","values":3})");
}

TEST_CASE("a match keeps its types, and whether it was looked up") {
  event::Matched matched;
  matched.match.key = {"ip", "203.0.113.9"};
  matched.match.observables = {7, 8};
  matched.match.score = 80;
  matched.match.labels = {"a, b", "c"};
  matched.looked_up = true;
  const std::string json = event_json(matched);
  const auto parsed = json::Document::parse(json);
  REQUIRE(parsed.ok());
  const json::Value root = parsed->root();
  CHECK(root["event"].string() == "match");
  CHECK(root["observables"].at(1).string() == "~8");
  CHECK(root["score"].integer() == 80);
  CHECK(root["labels"].size() == 2);
  CHECK(root["looked_up"].boolean() == true);
  CHECK(event_text(matched).find(R"(observables ["~7","~8"])") != std::string::npos);
}

TEST_CASE("text of a server cannot end a line or change the terminal") {
  const std::string hostile = "one\ntwo\x1b[31m";
  for (const Event& event :
       {Event(event::Skipped{hostile, hostile}), Event(event::Refused{hostile, hostile})}) {
    for (const std::string& line : {event_json(event), event_text(event)}) {
      CHECK(line.find_first_of("\n\x1b") == std::string::npos);
    }
  }
}

TEST_CASE("a refused line is shown as JSON if it is JSON, else as text") {
  CHECK(event_json(event::Refused{"no", R"({"a":1})"}) ==
        R"({"event":"refused","reason":"no","match":{"a":1}})");
  CHECK(event_json(event::Refused{"no", R"({"half)"}) ==
        R"({"event":"refused","reason":"no","match":"{\"half"})");
}

}  // namespace socbridge::stream
