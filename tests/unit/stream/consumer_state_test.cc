// SPDX-License-Identifier: Apache-2.0
// What the threads of a consumer share: its folder, its flags, and how long they wait.
#include "stream/consumer_state.h"

#include <catch2/catch.hpp>

#include "events.h"
#include "support/fake_clock.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

namespace socbridge::stream {
namespace {

using Of = event::Outage::Of;

struct Fixture {
  ConsumerSetup setup() const {
    ConsumerSetup out;
    out.state_dir = folder / "a/state";
    out.thehive = thehive::Endpoint{"http://127.0.0.1:1", Secret("key"), ""};
    out.opencti = opencti::Endpoint{"http://127.0.0.1:1", Secret("token")};
    return out;
  }
  test::TempDir folder;
  Events events;
};

Status failed(ExitCode code) { return Status::error(code, "why"); }

}  // namespace

TEST_CASE("a refusal is what the other side says, not that it cannot be asked") {
  for (const ExitCode code : {ExitCode::ok, ExitCode::unreachable, ExitCode::auth,
                              ExitCode::failure, ExitCode::interrupted}) {
    CHECK_FALSE(is_refusal(failed(code)));
  }
  for (const ExitCode code : {ExitCode::refused, ExitCode::bad_input, ExitCode::usage}) {
    CHECK(is_refusal(failed(code)));
  }
}

TEST_CASE("a token that may not ask gets what else can be chosen as hint") {
  CHECK_THAT(with_choice(failed(ExitCode::auth)).line(),
             Catch::StartsWith("why; ") && Catch::Contains("--techniques none --lookup none"));
  CHECK(with_choice(failed(ExitCode::auth)).code() == ExitCode::auth);
  CHECK(with_choice(failed(ExitCode::unreachable)).line() == "why");
}

TEST_CASE_METHOD(Fixture, "the state folder is made, and one consumer has it") {
  ConsumerState first(Env::real(), setup(), events.sink());
  REQUIRE(first.open_state().ok());
  CHECK(first.cursor_file == folder / "a/state/cursor.json");
  CHECK((first.matches && first.lookups && first.techniques));
  ConsumerState second(Env::real(), setup(), events.sink());
  const Status taken = second.open_state();
  CHECK(taken.code() == ExitCode::failure);
  CHECK(taken.line() == "another consumer uses the state folder " + (folder / "a/state") +
                            "; stop it, or give this one its own --state-dir");
  CHECK_FALSE(second.matches);
}

TEST_CASE_METHOD(Fixture, "journals are there for what is configured") {
  ConsumerSetup given = setup();
  given.lookup = LookupScope::none;
  given.delivery.dry_run = true;  // techniques would be written later
  ConsumerState dry(Env::real(), given, events.sink());
  REQUIRE(dry.open_state().ok());
  CHECK(dry.matches);
  CHECK_FALSE(dry.lookups);
  CHECK_FALSE(dry.techniques);
  given = setup();
  given.state_dir = folder / "b";
  given.opencti.reset();
  ConsumerState alone(Env::real(), given, events.sink());
  REQUIRE(alone.open_state().ok());
  CHECK((alone.matches && !alone.lookups && !alone.techniques));
  given.state_dir = folder / "c";
  given.thehive.reset();
  ConsumerState watching(Env::real(), given, events.sink());
  REQUIRE(watching.open_state().ok());
  CHECK_FALSE(watching.matches);
  given.state_dir.clear();
  ConsumerState nothing(Env::real(), given, events.sink());
  REQUIRE(nothing.open_state().ok());
  CHECK(nothing.cursor_file.empty());
}

TEST_CASE_METHOD(Fixture, "a state folder that cannot be written is an error at each call") {
  ConsumerSetup given = setup();
  given.state_dir = "/state";
  int calls = 0;
  {
    FaultEnv env;
    ConsumerState state(env, given, events.sink());
    REQUIRE(state.open_state().ok());
    calls = env.calls;
  }
  int failures = 0;
  for (int at = 1; at <= calls; ++at) {
    FaultEnv env;
    env.fail_at = at;
    ConsumerState state(env, given, events.sink());
    failures += state.open_state().ok() ? 0 : 1;
  }
  CHECK(failures >= 8);
}

TEST_CASE_METHOD(Fixture, "who waits goes on at once when it is time to stop or a line comes") {
  ConsumerState state(Env::real(), setup(), events.sink());
  REQUIRE(state.open_state().ok());
  CHECK(state.pause(1));
  REQUIRE(state.matches->append("x\n").ok());
  state.wait_for_lines(*state.matches, [] { return false; });
  state.wait_for_lines(*state.lookups, [] { return true; });
  state.raise(state.quit);
  CHECK(state.stopping());
  CHECK_FALSE(state.pause(60000));
  state.wait_for_lines(*state.lookups, [] { return false; });
}

TEST_CASE_METHOD(Fixture,
                 "a service waits without limit, a run with an end so long and no longer") {
  const FakeClock clock;
  ConsumerSetup given = setup();
  ConsumerState service(Env::real(), given, events.sink());
  Backoff backoff(1, 1);
  for (int i = 0; i < 10; ++i)
    CHECK(service.wait_after(Of::thehive, failed(ExitCode::unreachable), backoff));
  CHECK(service.outages == 10);
  CHECK(service.error().ok());
  CHECK(events.count("thehive_down") == 10);
  given.reader.once = true;
  given.reader.wait_limit_ms = 0;
  ConsumerState run(Env::real(), given, events.sink());
  CHECK_FALSE(run.wait_after(Of::opencti, failed(ExitCode::unreachable), backoff));
  CHECK(run.error().code() == ExitCode::unreachable);
  CHECK_FALSE(run.wait_after(Of::opencti, failed(ExitCode::auth), backoff));
  CHECK(run.error().code() == ExitCode::unreachable);  // the first one
}

TEST_CASE_METHOD(Fixture,
                 "a refused key ends a run with an end at once, and pauses a minute else") {
  ConsumerSetup given = setup();
  given.reader.once = true;
  given.reader.wait_limit_ms = 600000;  // it would wait that long for an outage
  ConsumerState run(Env::real(), given, events.sink());
  Backoff backoff(1, 1);
  CHECK_FALSE(run.wait_after(Of::thehive, failed(ExitCode::auth), backoff));
  CHECK(run.error().code() == ExitCode::auth);
  CHECK_THAT(events.named("thehive_down").at(0), Catch::Contains(R"("retry_ms":60000)"));
}

TEST_CASE_METHOD(Fixture, "an interruption is not an outage") {
  ConsumerState state(Env::real(), setup(), events.sink());
  Backoff backoff(1, 1);
  CHECK_FALSE(state.wait_after(Of::thehive, failed(ExitCode::interrupted), backoff));
  state.raise(state.stop);
  CHECK_FALSE(state.wait_after(Of::thehive, failed(ExitCode::unreachable), backoff));
  CHECK(state.outages == 0);
  CHECK(events.count("thehive_down") == 0);
  CHECK(state.error().ok());
}

}  // namespace socbridge::stream
