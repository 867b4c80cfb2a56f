// SPDX-License-Identifier: Apache-2.0
// The whole way from OpenCTI's stream to TheHive.
#include "stream/consumer.h"

#include <catch2/catch.hpp>

#include "hive_fixture.h"
#include "reader_fixture.h"
#include "service/event_fd.h"

namespace socbridge::stream {
namespace {

const std::string kAnswer =
    stream_of(connected("1000-0", "6000-0") + indicator("5000-0") + indicator("6000-0"));

struct Fixture : HiveFixture {
  explicit Fixture(std::vector<std::string> rules = {}, std::string answer = kAnswer)
      : HiveFixture(std::move(rules)), stream({std::move(answer)}) {}
  ConsumerSetup reading() const {
    ConsumerSetup out = setup();
    out.reader.url = stream.url();
    out.reader.token = Secret("token");
    out.reader.from = "1000-0";
    out.reader.flush_ms = 10;
    return out;
  }
  Status run(ConsumerSetup given, int stop_fd = -1) {
    consumer = std::make_unique<StreamConsumer>(Env::real(), std::move(given), events.sink());
    CHECK_FALSE(consumer->began());
    return consumer->run(stop_fd);
  }
  StreamServer stream;
  Events events;
  std::unique_ptr<StreamConsumer> consumer;
};

}  // namespace

TEST_CASE("a run with an end delivers all that was in the stream") {
  Fixture w;
  const auto subject = w.new_case();
  w.observable(subject);
  REQUIRE(w.run(w.reading()).ok());
  CHECK(w.comments(subject).size() == 2);
  const ConsumerCounts counts = w.consumer->counts();
  CHECK(counts.matches.matches == 2);
  CHECK(counts.delivery.commented == 2);
  CHECK(counts.values == 1);
  CHECK(counts.waiting_bytes == 0);
  CHECK(counts.place_ms == 6000);
  CHECK(w.consumer->began());
  CHECK_FALSE(w.consumer->reading());
  CHECK(w.consumer->beats() > 0);
  CHECK(w.folder.has("state/cursor.json"));
}

TEST_CASE("a consumer before its run counts nothing") {
  Fixture w;
  const StreamConsumer consumer(Env::real(), w.reading(), w.events.sink());
  CHECK(consumer.counts().matches.events == 0);
  CHECK(consumer.counts().lag_ms(5000) == -1);
  CHECK(consumer.beats() == 0);
  CHECK_FALSE(consumer.reading());
}

TEST_CASE("with a watch list matches are only reported, and no TheHive is needed") {
  Fixture w;
  ConsumerSetup given = w.reading();
  given.watch_list = w.folder.write("list", "198.51.100.7\n");
  given.thehive.reset();
  given.state_dir.clear();
  REQUIRE(w.run(given).ok());
  CHECK(w.events.count("match") == 2);
  CHECK_FALSE(w.folder.has("state"));
}

TEST_CASE("a run in which TheHive refused a match is degraded") {
  // Below cases: the observable, then all comments.
  Fixture w({"status=400,method=POST,path=/api/v1/case/*,after=1"});
  const auto subject = w.new_case();
  w.observable(subject);
  const Status ended = w.run(w.reading());
  CHECK(ended.code() == ExitCode::degraded);
  CHECK(ended.line() ==
        "2 matches were refused by TheHive; see " + (w.folder / "state/refused.jsonl"));
}

TEST_CASE("a run with an end fails if TheHive does not take what was read, and keeps it") {
  Fixture w({"status=503,method=POST,path=/api/v1/case/*,after=1"});
  const auto subject = w.new_case();
  w.observable(subject);
  ConsumerSetup given = w.reading();
  given.reader.wait_limit_ms = 0;
  CHECK(w.run(given).code() == ExitCode::unreachable);
  CHECK(w.consumer->counts().waiting_bytes > 0);
}

TEST_CASE("errors of the start: folder in use, wrong beginning, damaged cursor, no TheHive") {
  Fixture w;
  ConsumerState other(Env::real(), w.setup(), w.events.sink());
  REQUIRE(other.open_state().ok());
  CHECK(w.run(w.reading()).code() == ExitCode::failure);
  ConsumerSetup given = w.reading();
  given.state_dir = w.folder / "second";
  given.reader.from = "yesterday";
  CHECK(w.run(given).code() == ExitCode::usage);
  w.folder.write("second/cursor.json", "{}");
  given.reader.from = "now";
  CHECK(w.run(given).code() == ExitCode::bad_input);
  given.state_dir = w.folder / "third";
  given.thehive->url = "http://127.0.0.1:" + std::to_string(http::test::closed_port());
  given.reader.wait_limit_ms = 0;
  CHECK(w.run(given).code() == ExitCode::unreachable);
  CHECK_FALSE(w.consumer->began());
  CHECK(w.stream.connections() == 0);
}

TEST_CASE("a service that is stopped has all that is durable saved") {
  Fixture w;
  const auto subject = w.new_case();
  w.observable(subject);
  ConsumerSetup given = w.reading();
  given.reader.once = false;
  EventFd stop;
  const EventSink report = w.events.sink();
  w.consumer = std::make_unique<StreamConsumer>(Env::real(), given, [&](const Event& event) {
    report(event);
    if (w.events.count("notified") == 2) stop.signal();
  });
  CHECK(w.consumer->run(stop.fd()).code() == ExitCode::interrupted);
  CHECK(w.consumer->began());
  CHECK(w.comments(subject).size() == 2);
  const auto cursor = load_cursor(Env::real(), w.folder / "state/cursor.json");
  REQUIRE(cursor.ok());
  CHECK(cursor->id == opencti::EventId{6000, 0});
}

}  // namespace socbridge::stream
