// SPDX-License-Identifier: Apache-2.0
#include "health/probes/opencti.h"

#include <catch2/catch.hpp>

#include "health/registry.h"
#include "probed.h"
#include "support/fake_clock.h"

namespace socbridge::health {
namespace {

using Routes = socbridge::test::RouteServer::Routes;

std::string me(const std::string& capabilities, const std::string& version = "6.8.1",
               const std::string& more = "") {
  return R"({"data":{"me":{"id":"1","name":"w2thive","capabilities":[)" + capabilities + "]" +
         more + R"(},"about":{"version":")" + version + R"("}}})";
}
std::string error(const std::string& code, const std::string& message) {
  return R"({"data":null,"errors":[{"message":")" + message + R"(","extensions":{"code":")" + code +
         R"("}}]})";
}

constexpr const char* kAll = R"({"name":"BYPASS"})";
constexpr const char* kAbout =
    R"({"data":{"about":{"dependencies":[{"name":"Redis","version":"7"},{"name":"RabbitMQ"}]}}})";
constexpr const char* kEmpty = R"({"data":{"connectors":[],"streamCollections":{"edges":[]}}})";

// The probe asks who it is, for the dependencies, then for connectors and streams.
struct OpenCti : test::Probed {
  OpenCti(const std::string& who, const std::string& about)
      : test::Probed(Routes{{"POST /graphql", {who, about, kEmpty}}}, {"opencti", "OpenCTI"}) {
    probe_opencti(probe);
  }
};

}  // namespace

TEST_CASE("opencti probe: the key's user, the version and what the platform runs on") {
  const FakeClock clock;
  OpenCti well(me(kAll), kAbout);
  CHECK(well.said("key") == "ok: w2thive");
  CHECK(well.said("dependencies") == "ok: Redis 7, RabbitMQ ");
  CHECK(well.said("version").empty());
  CHECK(well.said("draft").empty());
  CHECK(well.probe.report().version == "6.8.1");
  CHECK(well.said("answer").starts_with("ok: in "));
  // Feeds and stream are checked too.
  CHECK(well.said("feed mitre") == "degraded missing: not registered in OpenCTI");
  CHECK(well.said("stream") == "degraded missing: no live stream is started");
}

TEST_CASE("opencti probe: capabilities that lack, a draft and an old version are degraded") {
  const FakeClock clock;
  OpenCti poor(me(R"({"name":"TAXIIAPI"})", "5.12.3", R"(,"draftContext":{"name":"my draft"})"),
               kAbout);
  CHECK(poor.said("key") == "degraded auth: w2thive lacks KNOWLEDGE, MODULES");
  CHECK(poor.said("draft").starts_with(
      "degraded configuration: w2thive works in the draft my draft;"));
  CHECK(poor.said("version") == "degraded version: version 5.12.3 is too old");
  CHECK(OpenCti(me(kAll, "10.0"), kAbout).said("version").empty());
  CHECK(OpenCti(me(R"({"name":"KNOWLEDGE"})"), kAbout).said("key") ==
        "degraded auth: w2thive lacks MODULES");
}

TEST_CASE("opencti probe: a token that is not known ends it") {
  const FakeClock clock;
  OpenCti refused(error("AUTH_REQUIRED", "You must be logged in"), kAbout);
  REQUIRE(refused.probe.report().checks.size() == 1);
  CHECK(refused.said("answer").starts_with("down auth: reading the token's user from OpenCTI: "));
  CHECK(refused.server.requests().size() == 1);
}

TEST_CASE("opencti probe: dependencies may be hidden, and a dead search engine is down") {
  const FakeClock clock;
  CHECK(OpenCti(me(kAll), error("FORBIDDEN_ACCESS", "no")).said("dependencies") ==
        "ok: not visible: needs SETTINGS_SETPARAMETERS");
  OpenCti engine(me(kAll), error("FUNCTIONAL_ERROR", "Search engine seems down"));
  CHECK(engine.said("search engine").find("Search engine seems down") != std::string::npos);
  CHECK(engine.probe.report().state() == State::down);
  CHECK(engine.said("dependencies").empty());
  CHECK(OpenCti(me(kAll), error("FUNCTIONAL_ERROR", "other"))
            .said("dependencies")
            .starts_with("degraded "));
}

TEST_CASE("opencti probe: a dead search engine is reported once") {
  test::Probed opencti({}, {"opencti", "OpenCTI"});
  report_engine(opencti.probe, Status::error(ExitCode::unreachable, "first"));
  report_engine(opencti.probe, Status::error(ExitCode::unreachable, "second"));
  REQUIRE(opencti.probe.report().checks.size() == 1);
  CHECK(opencti.said("search engine") == "down unreachable: the platform cannot reach it: first");
  CHECK(is_engine_down(Status::error(ExitCode::unreachable, "x: DATABASE_ERROR")));
  CHECK_FALSE(is_engine_down(Status::error(ExitCode::refused, "x: DATABASE_ERROR")));
  CHECK_FALSE(is_engine_down(Status::error(ExitCode::unreachable, "no answer")));
  CHECK_FALSE(is_engine_down(Status()));
}

}  // namespace socbridge::health
