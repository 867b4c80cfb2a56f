// SPDX-License-Identifier: Apache-2.0
// The state file.
#include "analysis/state.h"

#include <fstream>
#include <thread>

#include "fixture.h"

namespace socbridge::analysis {
namespace {

Result<StateFile> open(const std::string& path, const char* identity = "http://hive",
                       std::int64_t ms = 200) {
  return StateFile::open(Env::real(), path, identity, Deadline::after_ms(ms));
}

}  // namespace

TEST_CASE("a saved state is read back") {
  const Folder folder;
  const std::string path = folder / "new/state.json";
  {
    auto file = open(path);
    REQUIRE(file.ok());
    CHECK(file->state().cursor_ms == 0);
    file->state().cursor_ms = 7;
    file->state().recent = {{"~1", 5}};
    file->state().pending = {{"~2", 9}};
    REQUIRE(file->save().ok());
  }
  const auto again = open(path);
  REQUIRE(again.ok());
  auto copy = open(path, "http://hive", 0);
  CHECK(copy.status().message().find("another run uses") == 0);
}

TEST_CASE("waiting for the lock of a state ends when the run is to stop") {
  const Folder folder;
  const std::string path = folder / "state.json";
  auto first = open(path);
  REQUIRE(first.ok());
  const Deadline long_time = Deadline::after_ms(60000);
  const auto second =
      StateFile::open(Env::real(), path, "http://hive", long_time, [] { return true; });
  CHECK_FALSE(second.ok());
  CHECK(long_time.left_ms() > 30000);
}

TEST_CASE("a state is read back whole, also after a killed run") {
  const Folder folder;
  const std::string path = folder / "state.json";
  {
    auto file = open(path);
    REQUIRE(file.ok());
    file->state().cursor_ms = 7;
    file->state().recent = {{"~1", 5}};
    file->state().pending = {{"~2", 9}};
    REQUIRE(file->save().ok());
  }
  std::ofstream(path + ".new") << "{\"half";
  auto file = open(path);
  REQUIRE(file.ok());
  CHECK(file->state().cursor_ms == 7);
  CHECK(file->state().recent.at("~1") == 5);
  CHECK(file->state().pending.at("~2") == 9);
  CHECK(file->save().ok());
}

TEST_CASE("a state of another TheHive and a foreign file are refused") {
  const Folder folder;
  const std::string path = folder / "state.json";
  {
    auto file = open(path);
    REQUIRE(file.ok());
    REQUIRE(file->save().ok());
  }
  CHECK(open(path, "http://other").status().code() == ExitCode::usage);
  std::ofstream(path) << "{}";
  CHECK(open(path).status().code() == ExitCode::usage);
}

TEST_CASE("the next run waits for the one before it") {
  const Folder folder;
  const std::string path = folder / "state.json";
  std::thread other;
  {
    auto file = open(path);
    REQUIRE(file.ok());
    other = std::thread([&] { CHECK(open(path, "http://hive", 5000).ok()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  other.join();
}

}  // namespace socbridge::analysis
