// SPDX-License-Identifier: Apache-2.0
// Connections to the live stream: where they go on, when they end, what is on disk then.
#include "stream/reader/reader.h"

#include <catch2/catch.hpp>

#include "service/event_fd.h"
#include "support/canned_server.h"
#include "support/fault_env.h"
#include "unit/stream/reader_fixture.h"

namespace socbridge::stream {
namespace {

using After = StreamServer::After;

std::string cursor_of(const ReaderFixture& w) {
  const auto cursor = load_cursor(Env::real(), w.folder / "cursor.json");
  REQUIRE(cursor.ok());
  return cursor->id ? cursor->id->text() : "";
}

}  // namespace

TEST_CASE("a run with an end reads what was there, and its matches and cursor are on disk") {
  ReaderFixture w(
      {stream_of(connected("1000-0", "6000-0") + indicator("5000-0") + indicator("6000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  CHECK(w.lines().size() == 2);
  CHECK(cursor_of(w) == "6000-0");
  CHECK(w.events.count("match") == 2);
  CHECK(w.reader->shared().matches().matches == 2);
  CHECK(w.reader->shared().beats() > 0);
  const std::string sent = w.server.received();
  CHECK_THAT(sent, Catch::StartsWith("GET /stream/live?no-dependencies=true&listen-delete=true&"
                                     "from=1000-0 HTTP"));
  CHECK_THAT(sent, Catch::Contains("\r\nAuthorization: Bearer the-token\r\n"));
  CHECK_THAT(sent, Catch::Contains("\r\nAccept: text/event-stream\r\n"));
}

TEST_CASE("another run goes on where the last one ended") {
  ReaderFixture w({stream_of(connected("1000-0", "5000-0") + indicator("5000-0")),
                   stream_of(connected("1000-0", "5000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  REQUIRE(w.run().ok());
  CHECK_THAT(w.server.received(), Catch::Contains("&from=5000-0 HTTP"));
  CHECK(w.lines().size() == 1);
}

TEST_CASE("a connection that ends is made again from the last event") {
  ReaderFixture w({stream_of(connected("1000-0", "6000-0") + indicator("5000-0")),
                   stream_of(connected("1000-0", "6000-0") + indicator("6000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  CHECK(w.events.count("disconnected") == 1);
  CHECK(w.reader->shared().reading().connections == 2);
  CHECK_THAT(w.server.received(), Catch::Contains("&from=5000-0 HTTP"));
  CHECK(w.lines().size() == 2);
}

TEST_CASE("half an event at the end of a connection is not an event") {
  const std::string half = indicator("6000-0").substr(0, 60);
  ReaderFixture w({stream_of(connected("1000-0", "6000-0") + half),
                   stream_of(connected("1000-0", "6000-0") + indicator("6000-0"))});
  w.setup.from = "1000-0";
  REQUIRE(w.run().ok());
  CHECK(w.lines().size() == 1);
  CHECK(w.events.count("skipped") == 0);
}

TEST_CASE("a run with an end gives up a wrong token at once and an outage after its time") {
  ReaderFixture wrong({test::http_answer(401, "{}")}, After::end);
  const Status refused = wrong.run();
  CHECK(refused.code() == ExitCode::auth);
  CHECK_THAT(refused.message(), Catch::StartsWith("OpenCTI's stream: "));
  CHECK(wrong.server.connections() == 1);
  ReaderFixture down({test::http_answer(503, "{}")}, After::end);
  down.setup.wait_limit_ms = 0;
  CHECK(down.run().code() == ExitCode::unreachable);
  ReaderFixture passes({test::http_answer(503, "{}"), stream_of(connected("1-0", "1-0"))});
  CHECK(passes.run().ok());
  CHECK(passes.server.connections() == 2);
}

TEST_CASE("a service does not give up, and ends with all on disk when it is stopped") {
  ReaderFixture w({test::http_answer(410, "{}"),
                   stream_of(connected("1000-0", "5000-0") + indicator("5000-0"))});
  w.setup.once = false;
  w.setup.from = "1000-0";
  EventFd stop;
  const EventSink report = w.events.sink();
  std::size_t pauses = 0;
  w.sink = [&](const Event& event) {
    report(event);
    if (w.events.count("disconnected") > pauses) {
      ++pauses;
      stop.signal();  // a stopped stream means a minute: do not wait for it
    }
  };
  CHECK(w.run(stop.fd()).code() == ExitCode::interrupted);
  stop.clear();
  w.sink = [&](const Event& event) {
    report(event);
    if (w.events.count("match") > 0) stop.signal();
  };
  CHECK(w.run(stop.fd()).code() == ExitCode::interrupted);
  CHECK(w.lines().size() == 1);
  CHECK(cursor_of(w) == "5000-0");
}

TEST_CASE("a stream without a sign of life is left and reconnected") {
  ReaderFixture w({stream_of("")});
  w.setup.silence_ms = 40;
  w.setup.wait_limit_ms = 0;
  CHECK(w.run().message() == "OpenCTI's stream: no data for 40 ms");
}

TEST_CASE("a reader waits until what it wrote is delivered, and loses nothing") {
  ReaderFixture w({stream_of(connected("1000-0", "6000-0") + indicator("5000-0")),
                   stream_of(connected("1000-0", "6000-0") + indicator("6000-0"))});
  w.setup.from = "1000-0";
  w.setup.most_waiting_bytes = 10;
  const EventSink report = w.events.sink();
  w.sink = [&](const Event& event) {
    report(event);
    if (!std::holds_alternative<event::Paused>(event)) return;
    const auto batch = w.journal->next(10);
    REQUIRE(batch.ok());
    REQUIRE(w.journal->confirm(*batch).ok());
  };
  w.setup.flush_ms = 0;
  // The first connection stays open in this test too: the reader is who ends it.
  REQUIRE(w.run().ok());
  CHECK(w.events.count("paused") >= 1);
  CHECK(w.events.count("match") == 2);
  CHECK(cursor_of(w) == "6000-0");
}

TEST_CASE("a match that cannot be stored ends the reader before its cursor moves") {
  FaultEnv env;
  REQUIRE(env.mkdir("/s", 0700).ok());
  auto journal = MatchJournal::open(env, "/s/matches");
  REQUIRE(journal.ok());
  ReaderFixture w({stream_of(connected("1000-0", "5000-0") + indicator("5000-0"))});
  w.setup.from = "1000-0";
  w.setup.cursor_file = "/s/cursor.json";
  StreamReader reader(env, w.setup, w.set, &*journal, w.sink);
  REQUIRE(reader.prepare().ok());
  env.reset();
  env.fail_at = 1;  // the journal's write
  const Status ended = reader.run(-1);
  CHECK(ended.code() == ExitCode::failure);
  CHECK(env.trace.front() == "write");
  CHECK(load_cursor(env, "/s/cursor.json")->id == std::nullopt);
}

TEST_CASE("a beginning that means nothing, and a damaged cursor, are errors before reading") {
  ReaderFixture w({stream_of("")});
  w.setup.from = "yesterday";
  CHECK(w.run().code() == ExitCode::usage);
  w.folder.write("cursor.json", "{}");
  CHECK(w.run().code() == ExitCode::bad_input);
  CHECK(w.server.connections() == 0);
}

TEST_CASE("without a journal matches are only reported") {
  ReaderFixture w({stream_of(connected("1000-0", "5000-0") + indicator("5000-0"))});
  w.setup.from = "1000-0";
  w.setup.cursor_file.clear();
  StreamReader reader(Env::real(), w.setup, w.set, nullptr, w.sink);
  REQUIRE(reader.prepare().ok());
  REQUIRE(reader.run(-1).ok());
  CHECK(w.events.count("match") == 1);
  CHECK_FALSE(w.folder.has("cursor.json"));
}

}  // namespace socbridge::stream
