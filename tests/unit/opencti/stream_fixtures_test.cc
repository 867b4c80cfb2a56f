// SPDX-License-Identifier: Apache-2.0
// tests/fixtures: bytes of the live stream, written here in tests/fixtures/stream, and recorded.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "opencti/stix/pattern.h"
#include "opencti/stream/stream_event.h"

using namespace socbridge;
using opencti::EventName;

namespace {

using Lines = std::vector<std::string>;

std::string bytes_of(const std::string& name) {
  std::ifstream in(SOCBRIDGE_FIXTURES "/" + name, std::ios::binary);
  INFO(name);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

const char* name_of(EventName name) {
  switch (name) {
    case EventName::connected: return "connected";
    case EventName::heartbeat: return "heartbeat";
    case EventName::create: return "create";
    case EventName::update: return "update";
    case EventName::remove: return "delete";
    case EventName::merge: return "merge";
    case EventName::other: return "other";
  }
  return "";
}

// An event as a line: `create indicator 198.51.100.7`, with its other properties.
std::string line_of(const opencti::SseEvent& from) {
  opencti::StreamEvent event;
  const Status status = opencti::read_event(from, event);
  INFO(status.line());
  REQUIRE(status.ok());
  std::string out = name_of(event.name);
  const opencti::StixFields fields = opencti::read_fields(event.data());
  for (const std::string_view part : {fields.type, fields.name}) {
    if (!part.empty()) out.append(" ").append(part);
  }
  if (fields.score) out += " " + std::to_string(*fields.score);
  if (fields.revoked) out += " revoked";
  if (event.dependency) out += " dependency";
  if (event.recovered) out += " recovered";
  return out;
}

// The file in pieces of this many bytes.
Lines read(const std::string& bytes, std::size_t chunk) {
  opencti::SseParser parser;
  Lines out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    const std::string part = bytes.substr(at, chunk);
    parser.feed(part, [&](const opencti::SseEvent& event) {
      out.push_back(line_of(event));
      return true;
    });
  }
  return out;
}

Lines read_file(const std::string& name) {
  const std::string bytes = bytes_of(name);
  const Lines whole = read(bytes, bytes.size());
  INFO(name);
  CHECK(whole == read(bytes, 13));
  return whole;
}

}  // namespace

TEST_CASE("fixtures: the kind of each event of the stream") {
  CHECK(read_file("stream/create-with-dependencies.sse") ==
        Lines{"connected", "heartbeat", "create marking-definition TLP:GREEN dependency",
              "create identity Example Team dependency", "create indicator 198.51.100.7 80",
              "heartbeat"});
  CHECK(read_file("stream/update-with-patch.sse") == Lines{"update indicator dropper.exe 90"});
  CHECK(read_file("stream/delete-in-two-forms.sse") ==
        Lines{"delete indicator it's one 20 revoked", "delete indicator old.bad.example 80"});
  CHECK(read_file("stream/observable-relation-merge.sse") ==
        Lines{"create domain-name 70", "create relationship", "merge malware ExampleRAT"});
  CHECK(read_file("stream/recovery.sse") ==
        Lines{"connected", "create indicator billing@bad.example 80 recovered",
              R"(create indicator HKEY_CURRENT_USER\Software\Example 80 recovered)", "heartbeat"});
  CHECK(read_file("stream/patterns-that-do-not-match.sse") ==
        Lines{"create indicator Example rule 80", "create indicator composite 80"});
  CHECK(read_file("recorded/opencti.sse").size() == 7);
}

TEST_CASE("fixtures: every STIX pattern of the stream is read") {
  Lines patterns;
  for (const char* file : {"create-with-dependencies", "update-with-patch", "delete-in-two-forms",
                           "observable-relation-merge", "recovery", "patterns-that-do-not-match"}) {
    const std::string bytes = bytes_of(std::string("stream/") + file + ".sse");
    opencti::SseParser parser;
    parser.feed(bytes, [&](const opencti::SseEvent& from) {
      opencti::StreamEvent event;
      REQUIRE(opencti::read_event(from, event).ok());
      if (event.data()["pattern_type"].string() != "stix") return true;
      const std::string text(event.data()["pattern"].string().value_or(""));
      const auto pattern = opencti::parse_pattern(text);
      INFO(text);
      REQUIRE(pattern.ok());
      for (const opencti::Comparison& one : pattern->comparisons) {
        patterns.push_back(one.values.at(0) + (one.negated ? " not" : "") +
                           (one.alone ? "" : " part"));
      }
      return true;
    });
  }
  const std::string hash = "0f0e0d0c0b0a09080706050403020100";
  CHECK(patterns == Lines{"198.51.100.7", hash + hash, hash, "http://bad.example/it's?q=1",
                          "old.bad.example", "billing@bad.example",
                          R"(HKEY_CURRENT_USER\Software\Example)", "192.0.2.1 not part",
                          "multi.bad.example part"});
}
