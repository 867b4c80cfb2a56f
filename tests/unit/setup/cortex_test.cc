// SPDX-License-Identifier: Apache-2.0
// The plan against the simulator's Cortex; tests/integration/setup runs the complete command.
#include "setup/cortex.h"

#include <catch2/catch.hpp>

#include <memory>

#include "soc-sandbox/server/product_server.h"
#include "support/temp_dir.h"

using namespace socbridge;
using setup::StepState;

namespace {

struct Fixture {
  explicit Fixture(std::string_view data) {
    const std::string file = dir.write("cortex.json", data);
    for (const sandbox::ProductKind& kind : sandbox::product_kinds()) {
      if (std::string_view(kind.name) != "cortex") continue;
      auto made = kind.make({Secret("everyday"), {}, file});
      REQUIRE(made.ok());
      product = std::move(*made);
    }
    auto started = sandbox::ProductServer::start({}, *product);
    REQUIRE(started.ok());
    server = std::move(*started);
    wanted.url = server->url();
    wanted.admin_key = Secret("the-first-key");
    wanted.first_password = Secret("password");
    wanted.key_file = dir / "cortex.key";
    for (setup::CortexAnalyzer& one : setup::default_analyzers()) {
      if (!one.needs_key) wanted.analyzers.push_back(one);
    }
  }
  std::vector<setup::Step> plan() {
    return setup::plan_cortex(Env::real(), http, wanted, Deadline::after_ms(20000));
  }

  test::TempDir dir;
  std::unique_ptr<sandbox::Product> product;
  std::unique_ptr<sandbox::ProductServer> server;
  http::Client http{http::ClientOptions{}};
  setup::CortexSetup wanted;
};

}  // namespace

TEST_CASE("a Cortex without an index is set up, and is then present") {
  Fixture fixture(R"({"fresh": true})");
  auto steps = fixture.plan();
  REQUIRE(steps.size() == 9);
  CHECK(steps[1].name == "index");
  CHECK(steps[1].state == StepState::missing);
  REQUIRE(setup::carry_out(steps).ok());
  const auto again = fixture.plan();
  for (const setup::Step& step : again) CHECK(step.state == StepState::present);
  setup::confirm(steps, again);
  CHECK_FALSE(setup::has_failed(steps));
}

TEST_CASE("an index without users accepts the first superadmin") {
  Fixture fixture(R"({"fresh": true, "migrated": true})");
  auto steps = fixture.plan();
  CHECK(steps[1].state == StepState::present);
  CHECK(steps[2].name == "superadmin");
  CHECK(steps[2].state == StepState::missing);
  REQUIRE(setup::carry_out(steps).ok());
}

TEST_CASE("the normal key is not used as the superadmin's") {
  Fixture fixture("{}");
  fixture.wanted.admin_key = Secret("everyday");
  const auto steps = fixture.plan();
  CHECK(steps.back().name == "superadmin");
  CHECK(setup::exit_code(steps) == ExitCode::auth);
}

TEST_CASE("the five analyzers, three of which need a key") {
  const auto all = setup::default_analyzers();
  REQUIRE(all.size() == 5);
  CHECK(all[0].limit.text() == "500/day");
  CHECK(all[1].limit.text() == "1000/day");
  CHECK(all[2].needs_key);
  CHECK_FALSE(all[4].needs_key);
}
