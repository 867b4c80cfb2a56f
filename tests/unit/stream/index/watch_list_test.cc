// SPDX-License-Identifier: Apache-2.0
#include "stream/index/watch_list.h"

#include <catch2/catch.hpp>

#include "stream/index/match_set.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::stream;

TEST_CASE("lines with and without a type, with their line numbers") {
  const test::TempDir folder;
  const std::string path = folder.write(
      "list", "# of ours\n\nip\t198.51.100.7\n  login.bad.example  \r\nmail\tA@Bad.example");
  MatchSet set(1);
  REQUIRE(load_watch_list(Env::real(), path, set).ok());
  CHECK(set.size() == 3);
  CHECK(set.find({"ip", "198.51.100.7"}) == std::vector<std::uint64_t>{3});
  CHECK(set.find({"name", "login.bad.example"}) == std::vector<std::uint64_t>{4});
}

TEST_CASE("a line of neither kind is reported with its number") {
  const test::TempDir folder;
  MatchSet set(1);
  for (const char* wrong : {"ip\tno address", "nosuchtype\tx", "a b c"}) {
    const std::string path = folder.write("list", std::string("198.51.100.7\n") + wrong + "\n");
    CAPTURE(wrong);
    const Status status = load_watch_list(Env::real(), path, set);
    CHECK(status.code() == ExitCode::bad_input);
    CHECK_THAT(status.line(), Catch::Contains(path + ":2"));
  }
  CHECK_FALSE(load_watch_list(Env::real(), folder / "none", set).ok());
}

TEST_CASE("a long list is read completely, wherever its lines are split") {
  const test::TempDir folder;
  std::string text;
  constexpr int kMany = 20000;
  for (int i = 0; i < kMany; ++i) text += "host-" + std::to_string(i) + ".bad.example\n";
  MatchSet set(1);
  REQUIRE(load_watch_list(Env::real(), folder.write("list", text), set).ok());
  CHECK(set.size() == kMany);
  CHECK(set.find({"name", "host-19999.bad.example"}) == std::vector<std::uint64_t>{kMany});
}
