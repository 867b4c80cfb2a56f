// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/cursor.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;

TEST_CASE("A cursor goes on, a heartbeat's some seconds earlier") {
  const test::TempDir folder;
  const std::string path = folder.path() + "/cursor.json";
  CHECK_FALSE(stream::load_cursor(Env::real(), path)->id);
  stream::StreamCursor cursor{"https://x/stream/1", opencti::EventId{100000, 2}, false, {}};
  REQUIRE(stream::save_cursor(Env::real(), path, cursor).ok());
  CHECK(*stream::load_cursor(Env::real(), path) == cursor);
  CHECK(cursor.start()->text() == "100000-2");
  cursor.heartbeat = true;
  CHECK(cursor.start()->text() == "40000-0");
  cursor.recover_until = 5;
  REQUIRE(stream::save_cursor(Env::real(), path, cursor).ok());
  CHECK(*stream::load_cursor(Env::real(), path) == cursor);
  CHECK(cursor.start()->text() == "100000-2");
  std::ofstream(path) << "{}";
  CHECK(stream::load_cursor(Env::real(), path).status().code() == ExitCode::bad_input);
}

TEST_CASE("A cursor near the beginning of time goes back no further") {
  stream::StreamCursor cursor{"https://x/stream/1", opencti::EventId{59999, 7}, true, {}};
  CHECK(cursor.start()->text() == "0-0");
  cursor.id.reset();
  CHECK_FALSE(cursor.start());
}

TEST_CASE("A cursor that is not ours is bad input, with what to do") {
  const test::TempDir folder;
  for (const char* text :
       {"", "{", "[]", "7", R"({"stream":"https://x"})", R"({"id":"1-0"})",
        R"({"stream":"https://x","id":"1"})", R"({"stream":"https://x","id":"now"})",
        R"({"stream":["https://x"],"id":"1-0"})", R"({"stream":"https://x","id":1})"}) {
    CAPTURE(text);
    const std::string path = folder.write("cursor.json", text);
    const auto loaded = stream::load_cursor(Env::real(), path);
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.status().code() == ExitCode::bad_input);
    CHECK(loaded.status().line() ==
          path + " is not a stream cursor; delete it to start over with --from");
  }
}

TEST_CASE("A cursor that cannot be read is an error, not the beginning") {
  FaultEnv env;
  REQUIRE(env.mkdir("/s", 0700).ok());
  REQUIRE(stream::save_cursor(env, "/s/c", {"https://x", opencti::EventId{1, 0}, false, {}}).ok());
  env.reset();
  env.fail_at = 1;
  env.fail_errno = EIO;
  CHECK(stream::load_cursor(env, "/s/c").status().code() == ExitCode::failure);
  const test::TempDir folder;
  const std::string huge = folder.write("cursor.json", std::string(70000, ' '));
  CHECK_FALSE(stream::load_cursor(Env::real(), huge).ok());
}

TEST_CASE("Power loss keeps the old cursor or the new one") {
  const stream::StreamCursor first{"https://x", opencti::EventId{1, 0}, false, {}};
  const stream::StreamCursor second{"https://x", opencti::EventId{2, 0}, true, 5};
  for (int at = 1; at < 20; ++at) {
    FaultEnv env;
    REQUIRE(env.mkdir("/s", 0700).ok());
    REQUIRE(stream::save_cursor(env, "/s/c", first).ok());
    env.reset();
    env.fail_at = at;
    const bool saved = stream::save_cursor(env, "/s/c", second).ok();
    env.fail_at = 0;
    env.crash(false, true);
    const auto loaded = stream::load_cursor(env, "/s/c");
    REQUIRE(loaded.ok());
    if (saved) CHECK(*loaded == second);
    CHECK((*loaded == first || *loaded == second));
  }
}
