// SPDX-License-Identifier: Apache-2.0
#include "http/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>

#include "base/env.h"
#include "support/raw_server.h"

namespace socbridge::http {
namespace {

using test::Peer;
using test::RawServer;
using Why = StreamEnd::Why;

constexpr const char* kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

struct Fixture {
  explicit Fixture(std::function<void(Peer&)> talk)
      : server([talk = std::move(talk)](Peer& peer) {
          if (!peer.read_request().empty()) talk(peer);
        }) {
    options.answer_ms = 10000;
    options.idle_ms = 10000;
    options.tick_ms = 5;
    handler.bytes = [this](std::string_view bytes) {
      got += bytes;
      return true;
    };
    handler.tick = [] { return true; };
    handler.opened = [this] { ++opened; };
  }
  StreamEnd run() {
    Request request;
    request.url = server.url("/stream");
    return stream.run(request, "text/event-stream", options, handler);
  }

  std::string got;
  int opened = 0;
  StreamOptions options;
  StreamHandler handler;
  Stream stream{ClientOptions{}};
  RawServer server;
};

}  // namespace

TEST_CASE("an answer is passed on as it arrives, and ends correctly") {
  Fixture fixture([](Peer& peer) {
    peer.send(kHead + chunk("one") + chunk(std::string("\0\xff", 2)) + chunk("three") +
              "0\r\n\r\n");
  });
  const StreamEnd end = fixture.run();
  CHECK(end.why == Why::finished);
  CHECK(end.outcome.answered());
  CHECK(fixture.got == std::string("one\0\xffthree", 10));
  CHECK(fixture.opened == 1);
}

TEST_CASE("an answer without a body is opened and finished") {
  Fixture fixture([](Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n");
  });
  CHECK(fixture.run().why == Why::finished);
  CHECK(fixture.opened == 1);
  CHECK(fixture.got.empty());
}

TEST_CASE("a connection that breaks is reported, after the data before the break") {
  Fixture fixture([](Peer& peer) { peer.send(kHead + chunk("one")); });
  const StreamEnd end = fixture.run();
  CHECK(end.why == Why::broken);
  CHECK_FALSE(end.outcome.answered());
  CHECK(fixture.got == "one");
}

TEST_CASE("headers alone open the stream; then a timeout ends it") {
  Fixture fixture([](Peer& peer) {
    peer.send(kHead);
    peer.wait_ms(20000);
  });
  fixture.options.idle_ms = 150;
  CHECK(fixture.run().why == Why::silent);
  CHECK(fixture.opened == 1);
}

TEST_CASE("stream: no answer in time is silence too") {
  Fixture fixture([](Peer& peer) { peer.wait_ms(20000); });
  fixture.options.answer_ms = 100;
  const StreamEnd end = fixture.run();
  CHECK(end.why == Why::silent);
  CHECK(fixture.opened == 0);
  CHECK_FALSE(end.outcome.answered());
}

TEST_CASE("stream: each part begins the silence again") {
  Fixture fixture([](Peer& peer) {
    peer.send(kHead);
    for (int i = 0; i < 8; ++i) {
      peer.wait_ms(100);
      peer.send(chunk("x"));
    }
    peer.send("0\r\n\r\n");
  });
  fixture.options.idle_ms = 600;
  CHECK(fixture.run().why == Why::finished);
  CHECK(fixture.got == "xxxxxxxx");
}

TEST_CASE("another status or type is refused, with the server's message, and not passed on") {
  for (const std::string& answer :
       {test::answer("401 Unauthorized", "no", "Content-Type: text/event-stream\r\n"),
        test::answer("200 OK", "no", "Content-Type: text/html\r\n"), test::answer("200 OK", "no"),
        test::answer("200 OK", "no", "Content-Type: text/event-streams\r\n"),
        test::answer("204 No Content", "")}) {
    Fixture fixture([&](Peer& peer) { peer.send(answer); });
    const StreamEnd end = fixture.run();
    CAPTURE(answer);
    CHECK(end.why == Why::refused);
    CHECK(fixture.opened == 0);
    CHECK(fixture.got.empty());
    if (answer.find("204") == std::string::npos) CHECK(end.outcome.response.body == "no");
  }
}

TEST_CASE("stream: at most 64 KiB of a refusal are read") {
  Fixture fixture(
      [](Peer& peer) { peer.send(test::answer("503 Busy", std::string(1 << 20, 'x'))); });
  const StreamEnd end = fixture.run();
  CHECK((end.why == Why::refused || end.why == Why::broken));
  CHECK(end.outcome.response.body.size() <= 65536);
}

TEST_CASE("a handler ends it: with a part, or between parts") {
  Fixture by_part([](Peer& peer) {
    peer.send(kHead + chunk("one"));
    peer.wait_ms(20000);
  });
  by_part.handler.bytes = [](std::string_view) { return false; };
  CHECK(by_part.run().why == Why::stopped);
  Fixture between([](Peer& peer) {
    peer.send(kHead);
    peer.wait_ms(20000);
  });
  int ticks = 0;
  between.handler.tick = [&] { return ++ticks < 5; };
  CHECK(between.run().why == Why::stopped);
  CHECK(ticks == 5);
}

TEST_CASE("a descriptor that can be read ends it, and is not read from") {
  Fixture fixture([](Peer& peer) {
    peer.send(kHead);
    peer.wait_ms(20000);
  });
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const Fd out(ends[0]), in(ends[1]);
  REQUIRE(::write(in.get(), "x", 1) == 1);
  fixture.options.stop_fd = out.get();
  CHECK(fixture.run().why == Why::stopped);
  char byte = 0;
  CHECK(::read(out.get(), &byte, 1) == 1);
}

TEST_CASE("an unreachable server and an invalid URL are broken with the reason") {
  Fixture fixture([](Peer&) {});
  Request request;
  request.url = "http://127.0.0.1:" + std::to_string(test::closed_port()) + "/";
  const StreamEnd gone =
      fixture.stream.run(request, "text/event-stream", fixture.options, fixture.handler);
  CHECK(gone.why == Why::broken);
  CHECK_FALSE(gone.outcome.error.empty());
  request.url = "ftp://x.example/";
  const StreamEnd wrong =
      fixture.stream.run(request, "text/event-stream", fixture.options, fixture.handler);
  CHECK(wrong.why == Why::broken);
  CHECK_FALSE(wrong.outcome.error.empty());
}

TEST_CASE("one stream after the other, each on its own connection, also after a move") {
  Fixture fixture([](Peer& peer) { peer.send(kHead + chunk("x") + "0\r\n\r\n"); });
  CHECK(fixture.run().why == Why::finished);
  Stream moved(std::move(fixture.stream));
  fixture.stream = std::move(moved);
  CHECK(fixture.run().why == Why::finished);
  CHECK(fixture.got == "xx");
  CHECK(fixture.server.connections() == 2);
}

}  // namespace socbridge::http
