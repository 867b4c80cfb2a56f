// SPDX-License-Identifier: Apache-2.0
#include "intake/acceptance.h"

#include <catch2/catch.hpp>

#include "support/spool_fixture.h"

namespace socbridge::intake {
using namespace socbridge::test;

namespace {

spool::Entry entry() {
  spool::Entry out;
  out.integration = "custom-w2thive";
  out.alert = sample_alert();
  return out;
}

}  // namespace

TEST_CASE("an alert is accepted for all of its destinations, or for none") {
  const TempDir home;
  const std::string dir = home.path() + "/spool";
  const wazuh::Invocation call;
  const Reporter reporter(Env::real(), call);
  spool::Entry one = entry();
  SECTION("for all") {
    Acceptance acceptance(Env::real(), "/none", reporter);
    acceptance.accept(dir, {}, one, {"acme", ""});
    CHECK(acceptance.stored());
    CHECK(acceptance.take_claims().size() == 2);
    CHECK(acceptance.take_claims().empty());
    CHECK(acceptance.stored());
  }
  SECTION("a bound of the spool counts each of them") {
    spool::Bounds bounds;
    bounds.max_entries = 1;
    Acceptance acceptance(Env::real(), "/none", reporter);
    acceptance.accept(dir, bounds, one, {"acme", ""});
    CHECK_FALSE(acceptance.stored());
    CHECK(acceptance.full());
    CHECK_FALSE(acceptance.error().empty());
    CHECK(acceptance.spool()->list(spool::State::queue)->empty());
  }
}

TEST_CASE("acceptance: no spool is created only to count") {
  const TempDir home;
  const std::string dir = home.path() + "/spool";
  const wazuh::Invocation call;
  const Reporter reporter(Env::real(), call);
  Acceptance acceptance(Env::real(), "/none", reporter);
  acceptance.count(dir, spool::Counted::filtered);
  CHECK_FALSE(Env::real().stat(dir).ok());
}

}  // namespace socbridge::intake
