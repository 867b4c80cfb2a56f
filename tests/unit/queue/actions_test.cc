// SPDX-License-Identifier: Apache-2.0
#include "queue/actions.h"

#include "fixture.h"

namespace socbridge::queue {
using namespace socbridge::queue::test;
using spool::State;

namespace {

constexpr QueueVerb kVerbs[] = {QueueVerb::flush, QueueVerb::hold, QueueVerb::release,
                                QueueVerb::requeue, QueueVerb::drop};

QueueOutcome act(Fixture& fixture, QueueVerb verb, const std::string& id, bool dry_run = false) {
  return act_on(fixture.spool, verb, fixture.entry(id), dry_run, kNow + 5);
}

spool::Reason full() {
  spool::Reason out = reason("refused", 4);
  out.http_status = 400;
  out.first_failure_ms = 9;
  out.ambiguous = true;
  out.left_out = "observables";
  return out;
}

}  // namespace

TEST_CASE("actions: which verb applies to which state") {
  const std::string fits[] = {"1000", "1000", "0100", "0111", "1111"};
  const State states[] = {State::queue, State::hold, State::dead, State::corrupt};
  for (std::size_t verb = 0; verb < 5; ++verb) {
    for (std::size_t state = 0; state < 4; ++state) {
      Fixture fixture;
      const std::string id = fixture.add(states[state], reason("x"));
      const QueueOutcome outcome = act(fixture, kVerbs[verb], id);
      CAPTURE(verb, state, outcome.message);
      const bool done = outcome.result == QueueResult::done;
      CHECK(done == (fits[verb][state] == '1'));
      if (!done) {
        CHECK(outcome.result == QueueResult::not_here);
        CHECK_THAT(outcome.message, Catch::StartsWith("it is in "));
        CHECK(fixture.entry(id).state == states[state]);
      }
    }
  }
}

TEST_CASE("flush makes entries due and keeps the reason") {
  Fixture fixture;
  const std::string id = fixture.add(State::queue, full());
  CHECK(act(fixture, QueueVerb::flush, id).result == QueueResult::done);
  const QueueEntry entry = fixture.entry(id);
  CHECK(entry.next_attempt_ms == kNow + 5);
  CHECK(entry.reason->attempts == 4);
}

TEST_CASE("held ones say why: the reason they had, else that a person did it") {
  Fixture fixture;
  const std::string had = fixture.add(State::queue, full()), fresh = fixture.add(State::queue);
  act(fixture, QueueVerb::hold, had);
  act(fixture, QueueVerb::hold, fresh);
  CHECK(fixture.entry(had).state == State::hold);
  CHECK(fixture.entry(had).reason->kind == "refused");
  const spool::Reason held = *fixture.entry(fresh).reason;
  CHECK(held.kind == "held");
  CHECK(held.at_ms == kNow + 5);
  CHECK(held.message == "held by an operator");
}

TEST_CASE("released ones are due and keep their tries") {
  Fixture fixture;
  const std::string id = fixture.add(State::hold, full());
  act(fixture, QueueVerb::release, id);
  const QueueEntry entry = fixture.entry(id);
  CHECK(entry.state == State::queue);
  CHECK(entry.next_attempt_ms == kNow + 5);
  CHECK(entry.reason->attempts == 4);
  CHECK(entry.reason->left_out == "observables");
}

TEST_CASE("requeued ones are as new, but for a request that may have been acted on") {
  for (const State from : {State::hold, State::dead, State::corrupt}) {
    Fixture fixture;
    const std::string id = fixture.add(from, full());
    act(fixture, QueueVerb::requeue, id);
    const QueueEntry entry = fixture.entry(id);
    CHECK(entry.state == State::queue);
    CHECK(entry.next_attempt_ms == kNow + 5);
    REQUIRE(entry.reason);
    CHECK(entry.reason->kind == "requeued");
    CHECK(entry.reason->attempts == 0);
    CHECK(entry.reason->first_failure_ms == 0);
    CHECK(entry.reason->left_out.empty());
    CHECK(entry.reason->message == "why");
    CHECK(entry.reason->ambiguous);
  }
}

TEST_CASE("dropped entries are removed and counted") {
  Fixture fixture;
  const std::string id = fixture.add(State::dead, full());
  CHECK(act(fixture, QueueVerb::drop, id).result == QueueResult::done);
  CHECK_FALSE(fixture.reader.find(id, QueueReader::Facts::leave_out));
  CHECK_FALSE(fixture.home.has("queue/w2thive/dead/" + id + ".reason"));
  const auto counts = fixture.spool.all_counts();
  REQUIRE((counts.ok() && counts->has_value()));
  CHECK((*counts)->at(static_cast<std::size_t>(spool::Counted::dropped)) == 1);
}

TEST_CASE("actions: a dry run changes nothing") {
  for (const QueueVerb verb : {QueueVerb::requeue, QueueVerb::drop}) {
    Fixture fixture;
    const std::string id = fixture.add(State::dead, full());
    const QueueEntry before = fixture.entry(id);
    CHECK(act(fixture, verb, id, true).result == QueueResult::done);
    const QueueEntry after = fixture.entry(id);
    CHECK(after.state == State::dead);
    CHECK(after.next_attempt_ms == before.next_attempt_ms);
    CHECK(after.reason->kind == "refused");
    const auto claim = fixture.spool.claim(State::dead, id);
    CHECK(act(fixture, verb, id, true).result == QueueResult::in_flight);
  }
}

TEST_CASE("an entry claimed by a process is not taken from it") {
  for (const QueueVerb verb : {QueueVerb::flush, QueueVerb::hold, QueueVerb::drop}) {
    Fixture fixture;
    const std::string id = fixture.add(State::queue);
    const auto claim = fixture.spool.claim(State::queue, id);
    const QueueOutcome outcome = act(fixture, verb, id);
    CHECK(outcome.result == QueueResult::in_flight);
    CHECK_THAT(outcome.message, Catch::Contains("try again"));
    CHECK(fixture.home.entries("queue") == 1);
  }
}

TEST_CASE("an entry removed meanwhile is gone, not failed") {
  Fixture fixture;
  const std::string id = fixture.add(State::queue);
  const QueueEntry seen = fixture.entry(id);
  auto claim = fixture.spool.claim(State::queue, id);
  REQUIRE(fixture.spool.move(std::move(**claim), State::dead, reason("refused")).ok());
  const QueueOutcome outcome = act_on(fixture.spool, QueueVerb::drop, seen, false, kNow);
  CHECK(outcome.result == QueueResult::gone);
  CHECK(fixture.home.entries("dead") == 1);
}

TEST_CASE("actions: each result has a distinct name") {
  std::vector<std::string> names;
  for (const QueueResult result : {QueueResult::done, QueueResult::in_flight, QueueResult::gone,
                                   QueueResult::not_here, QueueResult::failed}) {
    names.emplace_back(queue_result_name(result));
  }
  CHECK(names == std::vector<std::string>{"done", "in_flight", "gone", "not_here", "failed"});
}

}  // namespace socbridge::queue
