// SPDX-License-Identifier: Apache-2.0
// The plan against the simulator's TheHive; tests/integration/setup runs the complete command.
#include "setup/thehive.h"

#include <catch2/catch.hpp>

#include "soc-sandbox/thehive/server.h"
#include "support/temp_dir.h"

using namespace socbridge;
using setup::StepState;
using Texts = std::vector<std::string>;

TEST_CASE("permissions are the required ones, in the names of the version") {
  setup::TheHiveSetup wanted;
  wanted.rights = setup::TheHiveRights::alerts;
  CHECK(setup::thehive_permissions(wanted, 4) == Texts{"manageAlert", "manageObservable"});
  setup::TheHiveSetup promoting = wanted;
  promoting.promote = true;
  CHECK(setup::thehive_permissions(promoting, 4) ==
        Texts{"manageAlert", "manageCase", "manageObservable"});
  CHECK(setup::thehive_permissions(promoting, 5) ==
        Texts{"manageAlert/create", "manageAlert/import", "manageAlert/update", "manageCase/create",
              "manageObservable"});
  CHECK(setup::thehive_permissions(wanted, 5) ==
        Texts{"manageAlert/create", "manageAlert/update", "manageObservable"});
  wanted.canary = true;
  CHECK(setup::thehive_permissions(wanted, 5) == Texts{"manageAlert/create", "manageAlert/delete",
                                                       "manageAlert/update", "manageAnalyse",
                                                       "manageObservable"});
  wanted = {};
  CHECK(setup::thehive_permissions(wanted, 4) == Texts{"manageAlert", "manageAnalyse", "manageCase",
                                                       "manageObservable", "managePage",
                                                       "manageProcedure"});
  for (const std::string& one : setup::thehive_permissions(wanted, 5))
    CHECK(one != "manageAlert/delete");
}

TEST_CASE("TheHive is set up, and is then present") {
  const std::string version = GENERATE(std::string("4.1.24-1"), std::string("5.7.3-1"));
  const test::TempDir dir;
  sandbox::ServerOptions options;
  options.port = 0;
  options.key = Secret("everyday");
  options.admin_key = Secret("administrator");
  options.version = version;
  auto server = sandbox::Server::start(std::move(options));
  REQUIRE(server.ok());
  http::Client http{http::ClientOptions{}};
  setup::TheHiveSetup wanted;
  wanted.url = server->url();
  wanted.admin_key = Secret("administrator");
  wanted.key_file = dir / "thehive.key";
  const auto plan = [&] {
    return setup::plan_thehive(Env::real(), http, wanted, Deadline::after_ms(20000));
  };
  auto steps = plan();
  REQUIRE(steps.size() == 8);
  REQUIRE(setup::carry_out(steps).ok());
  for (const setup::Step& step : plan()) CHECK(step.state == StepState::present);
  wanted.admin_key = Secret("everyday");
  CHECK(setup::exit_code(plan()) == ExitCode::auth);
}
