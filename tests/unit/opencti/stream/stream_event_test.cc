// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/stream_event.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using opencti::EventId;

TEST_CASE("The name of the event counts, not the type in the JSON") {
  opencti::StreamEvent event;
  REQUIRE(opencti::read_event(
              {"delete", R"({"type":"update","data":{"id":"x"}})", "7-0", true, false}, event)
              .ok());
  CHECK(event.name == opencti::EventName::remove);
  CHECK(event.id == EventId{7, 0});
  CHECK_FALSE(event.dependency);
}

TEST_CASE("Dependencies and recovered objects are distinguished") {
  opencti::StreamEvent event;
  REQUIRE(opencti::read_event({"create", R"({"origin":{"referer":"init-dependencies"},"data":{}})",
                               "7-0", true, false},
                              event)
              .ok());
  CHECK(event.dependency);
  REQUIRE(opencti::read_event(
              {"create", R"({"origin":{"referer":"init-create"},"data":{}})", "7-0", true, false},
              event)
              .ok());
  CHECK(event.recovered);
  CHECK_FALSE(event.dependency);
}

TEST_CASE("An invalid event is an error and keeps its id") {
  opencti::StreamEvent event;
  CHECK_FALSE(opencti::read_event({"create", "[1]", "7-0", true, false}, event).ok());
  CHECK_FALSE(opencti::read_event({"create", "", "8-0", true, true}, event).ok());
  CHECK(event.id == EventId{8, 0});
  CHECK(opencti::read_event({"heartbeat", "\"2026\"", "9-0", true, false}, event).ok());
}

TEST_CASE("stream event: Fields are found in both extensions") {
  const auto document = json::Document::parse(
      R"({"id":"domain-name--1","type":"domain-name","extensions":{
        "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba":{"id":"u","updated_at":"2026-01-01T00:00:00.000Z"},
        "extension-definition--f93e2c80-4231-4f9a-af8b-95c9bd566a82":{"score":0,"labels":["c2"],"description":"d","created_by_ref":"identity--1"}}})");
  REQUIRE(document.ok());
  const opencti::StixFields fields = opencti::read_fields(document->root());
  CHECK(fields.score == 0);
  CHECK(fields.labels == std::vector<std::string_view>{"c2"});
  CHECK(fields.description == "d");
  CHECK(fields.created_by == "identity--1");
  CHECK(fields.updated == parse_timestamp("2026-01-01T00:00:00Z"));
}
