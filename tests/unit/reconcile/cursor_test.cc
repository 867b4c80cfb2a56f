// SPDX-License-Identifier: Apache-2.0
#include "reconcile/cursor.h"

#include <catch2/catch.hpp>

#include "fixtures.h"

namespace socbridge::reconcile {
namespace {

using test::TempDir;

TEST_CASE("a cursor begins empty and continues at its position", "[cursor]") {
  const TempDir dir;
  {
    auto cursor = Cursor::open(Env::real(), dir / "c", "/alerts");
    REQUIRE(cursor.ok());
    CHECK(cursor->position().missing());
    REQUIRE(cursor->save(R"({"offset":7})", 1000).ok());
    // The time never goes back: an alert of an earlier time is ignored.
    REQUIRE(cursor->save(R"({"offset":9})", 500).ok());
  }
  auto cursor = Cursor::open(Env::real(), dir / "c", "/alerts");
  REQUIRE(cursor.ok());
  CHECK(cursor->position()["offset"].integer() == 9);
  CHECK(cursor->time_ms() == 1000);
}

TEST_CASE("two runs never share a cursor", "[cursor]") {
  const TempDir dir;
  const auto first = Cursor::open(Env::real(), dir / "c", "/alerts");
  REQUIRE(first.ok());
  const auto second = Cursor::open(Env::real(), dir / "c", "/alerts");
  REQUIRE_FALSE(second.ok());
  CHECK(second.status().code() == ExitCode::failure);
  CHECK(second.status().message().find("another run") != std::string::npos);
}

TEST_CASE("a foreign cursor file is refused and kept", "[cursor]") {
  const TempDir dir;
  for (const char* text : {"", "{", "[]", "{}", R"({"socbridge_cursor":2,"position":{}})",
                           R"({"socbridge_cursor":1,"from":"/alerts"})"}) {
    const std::string path = dir.write("c", text);
    const auto cursor = Cursor::open(Env::real(), path, "/alerts");
    INFO(text);
    REQUIRE_FALSE(cursor.ok());
    CHECK(cursor.status().code() == ExitCode::usage);
    CHECK(std::filesystem::file_size(path) == std::string(text).size());
  }
}

TEST_CASE("a cursor belongs to one input", "[cursor]") {
  const TempDir dir;
  {
    auto cursor = Cursor::open(Env::real(), dir / "c", "/one");
    REQUIRE(cursor->save("{}", 0).ok());
  }
  const auto other = Cursor::open(Env::real(), dir / "c", "/two");
  REQUIRE_FALSE(other.ok());
  CHECK(other.status().message().find("belongs to /one, not to /two") != std::string::npos);
}

TEST_CASE("the partial file of a killed run does not matter", "[cursor]") {
  const TempDir dir;
  dir.write("c.new", "{\"socb");
  auto cursor = Cursor::open(Env::real(), dir / "c", "/alerts");
  REQUIRE(cursor.ok());
  REQUIRE(cursor->save("{}", 0).ok());
  CHECK_FALSE(std::filesystem::exists(dir / "c.new"));
}

TEST_CASE("a folder that cannot be written is one clear line", "[cursor]") {
  const TempDir dir;
  const auto cursor = Cursor::open(Env::real(), dir / "nowhere/c", "/alerts");
  REQUIRE_FALSE(cursor.ok());
  CHECK(cursor.status().code() == ExitCode::failure);
}

}  // namespace
}  // namespace socbridge::reconcile
