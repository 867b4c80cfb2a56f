// SPDX-License-Identifier: Apache-2.0
// The plan against the simulator's OpenCTI; tests/integration/setup runs the complete command.
#include "setup/opencti.h"

#include <catch2/catch.hpp>

#include <memory>

#include "json/value.h"
#include "soc-sandbox/server/product_server.h"
#include "support/temp_dir.h"

using namespace socbridge;
using setup::StepState;
using Texts = std::vector<std::string>;

TEST_CASE("the role reads; it writes sightings only if requested") {
  setup::OpenctiSetup wanted;
  CHECK(setup::opencti_capabilities(wanted) == Texts{"KNOWLEDGE", "MODULES", "TAXIIAPI"});
  wanted.sightings = true;
  CHECK(setup::opencti_capabilities(wanted) ==
        Texts{"KNOWLEDGE", "KNOWLEDGE_KNUPDATE", "MODULES", "TAXIIAPI"});
}

TEST_CASE("the filter of the stream is stored unchanged by OpenCTI") {
  const auto filters = json::Document::parse(setup::stream_filters());
  REQUIRE(filters.ok());
  CHECK(filters->root()["mode"].text() == "and");
  CHECK(filters->root()["filters"].size() == 2);
  CHECK(filters->root()["filterGroups"].is_array());
}

TEST_CASE("OpenCTI is set up, and is then present") {
  const test::TempDir dir;
  std::unique_ptr<sandbox::Product> product;
  for (const sandbox::ProductKind& kind : sandbox::product_kinds()) {
    if (std::string_view(kind.name) != "opencti") continue;
    auto made = kind.make({Secret("everyday"), {}, {}, Secret("administrator")});
    REQUIRE(made.ok());
    product = std::move(*made);
  }
  auto server = sandbox::ProductServer::start({}, *product);
  REQUIRE(server.ok());
  http::Client http{http::ClientOptions{}};
  setup::OpenctiSetup wanted;
  wanted.url = (*server)->url();
  wanted.admin_key = Secret("administrator");
  wanted.key_file = dir / "opencti.key";
  const auto plan = [&] {
    return setup::plan_opencti(Env::real(), http, wanted, Deadline::after_ms(20000));
  };
  auto steps = plan();
  REQUIRE(steps.size() == 7);
  REQUIRE(setup::carry_out(steps).ok());
  const auto again = plan();
  for (const setup::Step& step : again) CHECK(step.state == StepState::present);
  CHECK(again.back().next.starts_with("STREAM_ID="));
  wanted.markings = {"TLP:PURPLE"};
  CHECK(setup::exit_code(plan()) == ExitCode::usage);
}
