// SPDX-License-Identifier: Apache-2.0
// From the journal of matches to TheHive.
#include "stream/match_delivery.h"

#include <catch2/catch.hpp>

#include "events.h"
#include "hive_fixture.h"
#include "stream/technique_task.h"

namespace socbridge::stream {
namespace {

struct Fixture : HiveFixture {
  explicit Fixture(std::vector<std::string> rules = {}) : HiveFixture(std::move(rules)) {}
  ConsumerSetup with_opencti() const {
    ConsumerSetup out = setup();
    out.opencti = opencti::Endpoint{"http://127.0.0.1:1", Secret("token")};
    return out;
  }
  // Reports these lines, as after the end of the stream.
  void run(const std::string& lines, ConsumerSetup given) {
    state = std::make_unique<ConsumerState>(Env::real(), std::move(given), events.sink());
    REQUIRE(state->open_state().ok());
    REQUIRE(state->matches->append(lines).ok());
    state->all_read = state->all_looked_up = true;
    delivery = std::make_unique<MatchDelivery>(*state);
    delivery->run();
  }
  void run(const std::string& lines) { run(lines, setup()); }
  Events events;
  std::unique_ptr<ConsumerState> state;
  std::unique_ptr<MatchDelivery> delivery;
  thehive::Subject subject = new_case();
  std::uint64_t number = observable(subject);
  std::string line = a_match({number}).json() + "\n";
};

}  // namespace

TEST_CASE("matches of the journal are reported and confirmed, and then all is notified") {
  Fixture w;
  w.run(w.line);
  CHECK(w.comments(w.subject).size() == 1);
  CHECK(w.state->matches->empty());
  CHECK(w.state->all_notified);
  CHECK(w.delivery->counts().commented == 1);
  CHECK(w.events.named("notified").size() == 1);
  w.run(w.line);  // the same event once more, of another process
  CHECK(w.comments(w.subject).size() == 1);
  CHECK(w.delivery->counts().known == 1);
}

TEST_CASE("a line that is not a match goes to refused.jsonl, and the others go on") {
  Fixture w;
  w.run("a partial line\n{\"a\":1}\n" + w.line);
  CHECK(w.comments(w.subject).size() == 1);
  CHECK(w.delivery->counts().refused == 2);
  CHECK(w.events.count("refused") == 2);
  const std::string refused = w.folder.read("state/refused.jsonl");
  CHECK_THAT(refused, Catch::Contains(R"(,"match":"a partial line"})"));
  CHECK_THAT(refused, Catch::EndsWith(R"({"reason":"this line is not a match","match":{"a":1}})"
                                      "\n"));
}

TEST_CASE("what TheHive refuses three times goes to refused.jsonl, and the next match goes on") {
  // Below cases: the observable, then three comments of the first match.
  Fixture w({"status=400,method=POST,path=/api/v1/case/*,after=1,first=3"});
  w.run(w.line + a_match({w.number}, 2000).json() + "\n");
  CHECK(w.delivery->counts().refused == 1);
  CHECK(w.events.count("thehive_down") == 2);
  CHECK(w.comments(w.subject).size() == 1);
  CHECK(w.delivery->counts().commented == 1);
  CHECK_THAT(w.folder.read("state/refused.jsonl"), Catch::Contains(R"("event_id":"1000-0")"));
  CHECK(w.state->matches->empty());
}

TEST_CASE("match delivery: a refusal that passes is none") {
  Fixture w({"status=400,method=POST,path=/api/v1/case/*,after=1,first=2"});
  w.run(w.line);
  CHECK(w.delivery->counts().refused == 0);
  CHECK(w.comments(w.subject).size() == 1);
  CHECK_FALSE(w.folder.has("state/refused.jsonl"));
}

TEST_CASE("an outage is waited for, and the match is reported after it") {
  Fixture w({"status=503,method=POST,path=/api/v1/case/*,after=1,first=4"});
  w.run(w.line);
  CHECK(w.events.count("thehive_down") == 4);
  CHECK(w.state->outages == 4);
  CHECK(w.comments(w.subject).size() == 1);
}

TEST_CASE("a run with an end that has waited long enough keeps the match and the reason") {
  Fixture w({"status=503,method=POST,path=/api/v1/case/*,after=1"});
  ConsumerSetup given = w.setup();
  given.reader.wait_limit_ms = 0;
  w.run(w.line, given);
  CHECK(w.state->error().code() == ExitCode::unreachable);
  CHECK_FALSE(w.state->matches->empty());
  CHECK(w.state->all_notified);
}

TEST_CASE("what was notified gets a task for its techniques, what was withheld none") {
  Fixture w;
  ConsumerSetup given = w.with_opencti();
  given.techniques_after_ms = 60000;
  StreamMatch secret = a_match({w.number}, 2000);
  secret.opencti_id = "22222222-2222-4333-8444-555555555555";
  secret.markings = {"TLP:RED"};
  StreamMatch gone = a_match({w.number}, 3000);
  gone.state = "revoked";
  const UnixMillis before = wall_now_ms();
  w.run(w.line + secret.json() + "\n" + gone.json() + "\n", given);
  const auto tasks = w.state->techniques->next(10);
  REQUIRE(tasks.ok());
  REQUIRE(tasks->lines.size() == 1);
  const auto task = TechniqueTask::read(tasks->lines[0]);
  REQUIRE(task.ok());
  CHECK(task->opencti_id == a_match({}).opencti_id);
  CHECK(task->subject.id == w.subject.id);
  CHECK(task->due_ms >= before + 60000);
}

TEST_CASE("a delivery that is stopped leaves what waits") {
  Fixture w;
  w.state = std::make_unique<ConsumerState>(Env::real(), w.setup(), w.events.sink());
  REQUIRE(w.state->open_state().ok());
  REQUIRE(w.state->matches->append(w.line).ok());
  w.state->raise(w.state->stop);
  MatchDelivery(*w.state).run();
  CHECK_FALSE(w.state->matches->empty());
  CHECK(w.state->all_notified);
  CHECK(w.comments(w.subject).empty());
}

}  // namespace socbridge::stream
