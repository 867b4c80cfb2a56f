// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "spool/spool.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;
using spool::Entry;
using spool::Spool;
using spool::State;

namespace {

Entry example() {
  Entry e;
  e.integration = "custom-w2thive";
  e.accepted_ms = 1741938001037;
  e.alert = "{\"a\":1}";
  return e;
}

std::size_t files(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("an entry for each destination, each with its name and the same alert") {
  const test::TempDir folder;
  auto spool = Spool::open(Env::real(), folder / "s").value();
  Entry e = example();
  auto claims = spool.accept_each(e, {"acme", "", "beta"}).value();
  REQUIRE(claims.size() == 3);
  CHECK(e.alert == "{\"a\":1}");
  CHECK(files(folder / "s/queue") == 3);
  CHECK(files(folder / "s/tmp") == 0);
  const char* const names[] = {"acme", "", "beta"};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_FALSE(spool.claim(State::queue, claims[i].id()).value().has_value());  // claimed
    CHECK(spool.destination(State::queue, claims[i].id()) == names[i]);
    const auto back = spool.load(claims[i]).value();
    CHECK(back.destination == names[i]);
    CHECK(back.alert == e.alert);
  }
}

TEST_CASE("an entry of the top-level destination is as it was before there were others") {
  const std::string bytes = spool::encode(example());
  CHECK(bytes.find("destination") == std::string::npos);
  CHECK(spool::decode(bytes)->destination.empty());
  CHECK(spool::destination_of(bytes) == "");
  Entry named = example();
  named.destination = std::string(64, 'x');
  const std::string with_name = spool::encode(named);
  CHECK(spool::destination_of(with_name.substr(0, spool::kDestinationBytes)) == named.destination);
  CHECK_FALSE(spool::destination_of("no entry"));
}

TEST_CASE("if one of several cannot be stored none is; an accepted alert survives power loss") {
  // Each call that can fail fails once.
  int failures = 0;
  for (int at = 1; at < 100; ++at) {
    FaultEnv env;
    auto spool = Spool::open(env, "/s").value();
    env.reset();
    env.fail_at = at;
    Entry e = example();
    const auto claims = spool.accept_each(e, {"acme", "", "beta"});
    env.fail_at = 0;
    if (claims.ok()) {
      env.crash(false, true);
      CHECK(env.names("/s/queue").size() == 3);
      break;
    }
    ++failures;
    INFO(at << ": " << claims.status().line());
    CHECK(env.names("/s/queue").empty());
    CHECK(env.names("/s/tmp").empty());
  }
  CHECK(failures >= 12);
}
