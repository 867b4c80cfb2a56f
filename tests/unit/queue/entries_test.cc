// SPDX-License-Identifier: Apache-2.0
#include "queue/entries.h"

#include "fixture.h"

namespace socbridge::queue {
using namespace socbridge::queue::test;
using spool::State;

namespace {

std::vector<std::string> ids(Fixture& fixture, const QueueFilter& filter, UnixMillis now = kNow) {
  std::vector<std::string> out;
  REQUIRE(fixture.reader
              .for_each(filter, QueueReader::Facts::leave_out, now,
                        [&](const QueueEntry& entry) {
                          out.push_back(entry.id);
                          return true;
                        })
              .ok());
  return out;
}

spool::Entry accepted(UnixMillis ms, const std::string& alert = "") {
  spool::Entry out;
  out.accepted_ms = ms;
  out.alert = alert;
  return out;
}

}  // namespace

TEST_CASE("names of all states, and the nearest one for an unknown name") {
  CHECK(parse_states({}).value().empty());
  CHECK(parse_states({"dead", "queue"}).value() == std::vector<State>{State::dead, State::queue});
  CHECK(parse_states({"all"}).value().size() == 4);
  const Status wrong = parse_states({"queue", "daed"}).status();
  CHECK(wrong.code() == ExitCode::usage);
  CHECK(wrong.line() == "there is no state \"daed\"; did you mean \"dead\"?");
  CHECK(parse_states({""}).status().line() ==
        "there is no state \"\"; queue, hold, dead, corrupt or all");
  CHECK(parse_states({"\x1b[2J"}).status().line().find('\x1b') == std::string::npos);
}

TEST_CASE("an entry's id contains its time of acceptance") {
  CHECK(accepted_by_id("1741938001037-0123456789abcdef") == kNow);
  CHECK(accepted_by_id("0000000000000-0123456789abcdef") == 0);
  CHECK(accepted_by_id("") == 0);
  CHECK(accepted_by_id("x741938001037-0123456789abcdef") == 0);
}

TEST_CASE("entries come state by state in order of acceptance, until there are enough") {
  Fixture fixture;
  const std::string dead = fixture.add(State::dead, reason("refused"), accepted(kNow - 5000));
  const std::string late = fixture.add(State::queue, {}, accepted(kNow - 1000));
  const std::string early = fixture.add(State::queue, {}, accepted(kNow - 3000));
  const std::string held = fixture.add(State::hold, reason("held"), accepted(kNow - 9000));
  CHECK(ids(fixture, {}) == std::vector<std::string>{early, late, held, dead});
  QueueFilter filter;
  filter.states = {State::dead, State::queue};
  CHECK(ids(fixture, filter) == std::vector<std::string>{early, late, dead});
  int seen = 0;
  REQUIRE(fixture.reader
              .for_each({}, QueueReader::Facts::leave_out, kNow,
                        [&](const QueueEntry&) { return ++seen < 2; })
              .ok());
  CHECK(seen == 2);
}

TEST_CASE("entries: by age, both ends included") {
  Fixture fixture;
  const std::string old = fixture.add(State::queue, {}, accepted(kNow - 5000));
  const std::string fresh = fixture.add(State::queue, {}, accepted(kNow - 1000));
  QueueFilter filter;
  filter.older_than_ms = 5000;
  CHECK(ids(fixture, filter) == std::vector<std::string>{old});
  filter.older_than_ms = 5001;
  CHECK(ids(fixture, filter).empty());
  filter.older_than_ms = {};
  filter.newer_than_ms = 1000;
  CHECK(ids(fixture, filter) == std::vector<std::string>{fresh});
  filter.newer_than_ms = 5000;
  CHECK(ids(fixture, filter).size() == 2);
}

TEST_CASE("by kind of reason, and by due entries") {
  Fixture fixture;
  const std::string fresh = fixture.add(State::queue);
  const std::string later = fixture.add(State::queue, reason("retry"));
  const std::string dead = fixture.add(State::dead, reason("refused"));
  QueueFilter filter;
  filter.kinds = {"refused", "auth"};
  CHECK(ids(fixture, filter) == std::vector<std::string>{dead});
  filter.kinds.clear();
  filter.due = true;
  CHECK(ids(fixture, filter) == std::vector<std::string>{fresh});
  CHECK(ids(fixture, filter, kNow + 60000).size() == 2);
  CHECK(ids(fixture, filter, kNow - 1).empty());
  static_cast<void>(later);
}

TEST_CASE("by rule and agent, both read from the alert; a damaged entry matches none") {
  Fixture fixture;
  const std::string one = fixture.add(
      State::queue, {}, accepted(kNow, R"({"rule":{"id":5763,"level":1},"agent":{"name":"web"}})"));
  fixture.add(State::queue, {},
              accepted(kNow, R"({"rule":{"id":"1","level":1},"agent":{"name":"web"}})"));
  fixture.home.write("queue/w2thive/queue/0000000001000-0000000000000001.alert", "damaged");
  QueueFilter filter;
  filter.agents = {"web"};
  CHECK(ids(fixture, filter).size() == 2);
  filter.rules = {"5763", "9"};
  CHECK(ids(fixture, filter) == std::vector<std::string>{one});
  filter.agents = {"WEB"};
  CHECK(ids(fixture, filter).empty());
  CHECK(ids(fixture, {}).size() == 3);
}

TEST_CASE("by destination, the top-level one by its name; that of a damaged entry is unknown") {
  Fixture fixture;
  spool::Entry acme = accepted(kNow);
  acme.destination = "acme";
  const std::string other = fixture.add(State::queue, {}, acme);
  const std::string top = fixture.add(State::queue);
  fixture.home.write("queue/w2thive/queue/0000000001000-0000000000000001.alert", "damaged");
  QueueFilter filter;
  filter.destinations = {"acme"};
  CHECK(ids(fixture, filter) == std::vector<std::string>{other});
  filter.destinations = {"default"};
  CHECK(ids(fixture, filter) == std::vector<std::string>{top});
  filter.destinations.clear();
  filter.with_destination = true;
  CHECK(ids(fixture, filter).size() == 3);
}

TEST_CASE("entries: which filters have a condition") {
  CHECK_FALSE(QueueFilter().any());
  QueueFilter with;
  with.with_destination = true;
  CHECK_FALSE(with.any());
  for (int i = 0; i < 7; ++i) {
    QueueFilter one;
    if (i == 0) one.states = {State::dead};
    if (i == 1) one.older_than_ms = 0;
    if (i == 2) one.newer_than_ms = 0;
    if (i == 3) one.kinds = {"x"};
    if (i == 4) one.rules = {"x"};
    if (i == 5) one.destinations = {"x"};
    if (i == 6) one.due = true;
    CAPTURE(i);
    CHECK(one.any());
    CHECK(one.needs_facts() == (i == 4));
  }
}

TEST_CASE("an entry is found in any state; an id is never a path") {
  Fixture fixture;
  const std::string id = fixture.add(State::dead, reason("refused", 3));
  const QueueEntry entry = fixture.entry(id);
  CHECK(entry.state == State::dead);
  CHECK(entry.reason->attempts == 3);
  CHECK(entry.accepted_ms == kNow);
  CHECK(entry.destination == "");
  CHECK_FALSE(entry.facts);
  CHECK(fixture.entry(id, QueueReader::Facts::read).facts->level == 7);
  fixture.home.write("queue/w2thive/x.alert", "x");
  for (const char* wrong :
       {"", "x", "../x", "../../etc/passwd", "1741938001037-0123456789abcdeg"}) {
    CHECK_FALSE(fixture.reader.find(wrong, QueueReader::Facts::leave_out));
  }
}

TEST_CASE("a claimed entry is in flight, at each look again") {
  Fixture fixture;
  const std::string id = fixture.add(State::queue);
  CHECK_FALSE(fixture.entry(id).in_flight);
  {
    const auto claim = fixture.spool.claim(State::queue, id);
    CHECK(fixture.entry(id).in_flight);
  }
  CHECK_FALSE(fixture.entry(id).in_flight);
}

TEST_CASE("a damaged entry is found, without content") {
  Fixture fixture;
  const std::string id = "0000000001000-0000000000000001";
  fixture.home.write("queue/w2thive/corrupt/" + id + ".alert", "damaged");
  const QueueEntry entry = fixture.entry(id, QueueReader::Facts::read);
  CHECK_FALSE(entry.facts);
  CHECK_FALSE(entry.destination);
  CHECK(entry.bytes == 7);
  CHECK(fixture.reader.content(entry).status().code() == ExitCode::bad_input);
}

TEST_CASE("as JSON: known values that apply to the state") {
  Fixture fixture;
  const std::string waiting = fixture.add(State::queue, reason("retry"));
  auto document = parsed(queue_entry_json(fixture.entry(waiting), kNow));
  CHECK(document.root()["due"].boolean() == false);
  CHECK(document.root()["next_attempt_ms"].integer() == kNow + 60000);
  CHECK(document.root()["reason"]["kind"].string() == "retry");
  CHECK(document.root()["accepted"].string() == "2025-03-14T07:40:01.037Z");
  CHECK(document.root()["destination"].missing());
  CHECK(document.root()["alert"].missing());
  spool::Entry hostile =
      accepted(kNow, "{\"rule\":{\"id\":\"1\",\"description\":\"\xff\\u0000\\\"\"}}");
  hostile.destination = "acme";
  const std::string dead = fixture.add(State::dead, reason("refused"), hostile);
  document = parsed(queue_entry_json(fixture.entry(dead, QueueReader::Facts::read), kNow));
  CHECK(document.root()["due"].missing());
  CHECK(document.root()["next_attempt_ms"].missing());
  CHECK(document.root()["destination"].string() == "acme");
  CHECK(document.root()["alert"]["description"].string() == std::string("\xef\xbf\xbd\0\"", 5));
}

}  // namespace socbridge::queue
