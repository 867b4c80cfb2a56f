// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/marking_names.h"

#include <catch2/catch.hpp>

namespace socbridge::stream {
namespace {

void take(MarkingNames& names, const std::string& data) {
  opencti::StreamEvent event;
  REQUIRE(
      opencti::read_event({"create", "{\"data\":" + data + "}", "5-0", true, false}, event).ok());
  names.take(event);
}

std::string marking(const std::string& id, const std::string& name) {
  return R"({"type":"marking-definition","id":")" + id + R"(","name":")" + name + "\"}";
}

std::vector<std::string> named(const MarkingNames& names, std::vector<std::string> markings) {
  StreamMatch match;
  match.markings = std::move(markings);
  names.name(match);
  return match.markings;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("markings of a match get the names that the stream has shown") {
  MarkingNames names;
  take(names, marking("marking-definition--1", "Internal"));
  CHECK(named(names, {"TLP:RED", "marking-definition--1", "marking-definition--2"}) ==
        Texts{"TLP:RED", "Internal", "marking-definition--2"});
  take(names, marking("marking-definition--1", "Renamed"));
  CHECK(named(names, {"marking-definition--1"}) == Texts{"Renamed"});
}

TEST_CASE("what is not a marking, or has no id or name, names nothing") {
  MarkingNames names;
  take(names, R"({"type":"indicator","id":"marking-definition--1","name":"x"})");
  take(names, R"({"type":"marking-definition","id":"marking-definition--1"})");
  take(names, R"({"type":"marking-definition","name":"x"})");
  take(names, R"({"type":"marking-definition","id":7,"name":"x"})");
  take(names, "null");
  names.take({});
  CHECK(named(names, {"marking-definition--1", "", "7"}) ==
        Texts{"marking-definition--1", "", "7"});
}

TEST_CASE("at most 10,000 names of markings are kept, and those are still changed") {
  MarkingNames names;
  for (int i = 0; i <= 10000; ++i) take(names, marking("m" + std::to_string(i), "n"));
  CHECK(named(names, {"m9999", "m10000"}) == Texts{"n", "m10000"});
  take(names, marking("m0", "changed"));
  CHECK(named(names, {"m0"}) == Texts{"changed"});
}

}  // namespace socbridge::stream
