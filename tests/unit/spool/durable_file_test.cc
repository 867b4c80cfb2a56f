// SPDX-License-Identifier: Apache-2.0
#include "base/durable_file.h"

#include <catch2/catch.hpp>

#include "support/fault_env.h"

using namespace socbridge;

TEST_CASE("a file that is replaced is the old one or the new one, whatever fails and when") {
  constexpr std::size_t kMost = 100;
  for (int at = 0; at <= 8; ++at) {
    for (const bool names_survive : {false, true}) {
      FaultEnv env;
      REQUIRE(env.mkdir("/s", 0700).ok());
      REQUIRE(replace_durably(env, "/s/state", "old").ok());
      env.reset();
      env.fail_at = at;
      const Status replaced = replace_durably(env, "/s/state", "new");
      env.fail_at = 0;
      env.crash(names_survive, true);
      const auto now = env.read_file("/s/state", kMost);
      REQUIRE(now.ok());
      CHECK((*now == "new" || (!replaced.ok() && *now == "old")));
      // Leftovers of a crash next to it are harmless.
      CHECK(replace_durably(env, "/s/state", "newer").ok());
      CHECK(env.read_file("/s/state", kMost).value() == "newer");
    }
  }
}

TEST_CASE("the folder of a path") {
  CHECK(folder_of("state") == ".");
  CHECK(folder_of("/state") == "/");
  CHECK(folder_of("a/b/state") == "a/b");
}
