// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/sse.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using socbridge::opencti::SseEvent;
using socbridge::opencti::SseParser;

namespace {

struct Seen {
  std::string name, data, id;
  bool has_id, oversize;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(std::string_view bytes, std::size_t chunk, std::size_t most = 1 << 20) {
  SseParser parser(most);
  std::vector<Seen> out;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    // A separate copy: a view that outlives its chunk is detected by AddressSanitizer.
    const std::string part(bytes.substr(at, chunk));
    parser.feed(part, [&](const SseEvent& e) {
      out.push_back(
          {std::string(e.name), std::string(e.data), std::string(e.id), e.has_id, e.oversize});
      return true;
    });
  }
  return out;
}

}  // namespace

TEST_CASE("Events are read for any split of the bytes") {
  const std::string text =
      "\xEF\xBB\xBF"
      "event: connected\ndata: {}\n\n"
      ": a comment\nid: 1-0\r\nevent:create\r\ndata: one\r\ndata:  two\r\n\r\n"
      "id\rdata\r\r"
      "data: never ended\nid: 9";
  const std::vector<Seen> wanted = {{"connected", "{}", "", false, false},
                                    {"create", "one\n two", "1-0", true, false},
                                    {"message", "", "", true, false}};
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    CAPTURE(chunk);
    CHECK(read(text, chunk) == wanted);
  }
}

TEST_CASE("sse: Fields that the standard leaves out") {
  CHECK(read(std::string("id: a\0b\ndata: x\n\n", 17), 100) ==
        std::vector<Seen>{{"message", "x", "", false, false}});
  CHECK(read("event: x\nid: 1-0\n\n", 100).empty());  // no data line, no event
  CHECK(read("data\n\n", 100) == std::vector<Seen>{{"message", "", "", false, false}});
  CHECK(read("Data: x\nother: y\n\n", 100).empty());
  SseParser parser;
  parser.feed("retry: 250\nretry: x\n", [](const SseEvent&) { return true; });
  CHECK(parser.retry_ms() == 250);
}

TEST_CASE("A byte-order mark that is none, and one in the middle") {
  CHECK(read("\xEF\xBB"
             "data: x\n\n",
             1)
            .empty());
  CHECK(read("data: x\n\n\xEF\xBB\xBF"
             "data: y\n\n",
             3)
            .size() == 1);
}

TEST_CASE("An event that is too long is returned without its data, the next one is complete") {
  const std::string text =
      "id: 1-0\nevent: create\ndata: " + std::string(5000, 'a') + "\n\nid: 2-0\ndata: b\n\n";
  for (const std::size_t chunk : {std::size_t{7}, std::size_t{4096}, text.size()}) {
    CAPTURE(chunk);
    CHECK(read(text, chunk, 1000) == std::vector<Seen>{{"create", "", "1-0", true, true},
                                                       {"message", "b", "2-0", true, false}});
  }
  std::string many = "id: 1-0\n";
  for (int i = 0; i < 200; ++i) many += "data: 0123456789\n";
  CHECK(read(many + "\n", 64, 1000) == std::vector<Seen>{{"message", "", "1-0", true, true}});
}

TEST_CASE("Memory is bounded while a long line comes") {
  SseParser parser(1000);
  const std::string part(300, 'x');
  const auto take = [](const SseEvent&) { return true; };
  parser.feed("data: ", take);
  for (int i = 0; i < 1000; ++i) parser.feed(part, take);
  CHECK(parser.held_bytes() < 2000);
}

TEST_CASE("sse: A new connection starts again") {
  SseParser parser;
  int events = 0;
  const auto take = [&](const SseEvent& e) {
    ++events;
    CHECK(e.data == "new");
    return true;
  };
  parser.feed("id: 1-0\ndata: ol", take);
  parser.restart();
  parser.feed("data: new\n\n", take);
  CHECK(events == 1);
}

TEST_CASE("sse: The sink can stop") {
  SseParser parser;
  int events = 0;
  CHECK_FALSE(parser.feed("data: 1\n\ndata: 2\n\n", [&](const SseEvent&) { return ++events < 1; }));
  CHECK(events == 1);
}
