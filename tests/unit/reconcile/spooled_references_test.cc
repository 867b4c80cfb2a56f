// SPDX-License-Identifier: Apache-2.0
#include "reconcile/spooled_references.h"

#include <catch2/catch.hpp>

#include "fixtures.h"
#include "wazuh/alert.h"

namespace socbridge::reconcile {
namespace {

using test::alert_line;
using test::TempDir;

std::string ref_of(int number) {
  return wazuh::source_ref(*wazuh::Alert::parse(alert_line(number)));
}

spool::Claim put(spool::Spool& spool, const std::string& alert) {
  spool::Entry entry;
  entry.accepted_ms = wall_now_ms();
  entry.alert = alert;
  auto claim = spool.accept(entry);
  REQUIRE(claim.ok());
  return std::move(*claim);
}

TEST_CASE("waiting entries are found by their reference and state", "[queued]") {
  const TempDir dir;
  auto spool = spool::Spool::open(Env::real(), dir / "spool");
  REQUIRE(spool.ok());
  put(*spool, alert_line(1));
  REQUIRE(spool->move(put(*spool, alert_line(2)), spool::State::hold, {}).ok());
  REQUIRE(spool->move(put(*spool, alert_line(3)), spool::State::dead, {}).ok());
  // Accepted twice: refused once, waiting now.
  REQUIRE(spool->move(put(*spool, alert_line(4)), spool::State::dead, {}).ok());
  put(*spool, alert_line(4));
  put(*spool, "no alert");
  const auto queued = SpooledReferences::read(Env::real(), dir / "spool", {});
  REQUIRE(queued.ok());
  CHECK(queued->size() == 4);
  CHECK(queued->state_of(ref_of(1)) == spool::State::queue);
  CHECK(queued->state_of(ref_of(2)) == spool::State::hold);
  CHECK(queued->state_of(ref_of(3)) == spool::State::dead);
  CHECK(queued->state_of(ref_of(4)) == spool::State::queue);
  CHECK_FALSE(queued->state_of(ref_of(5)));
}

TEST_CASE("no spool is an empty one and is not made", "[queued]") {
  const TempDir dir;
  const auto queued = SpooledReferences::read(Env::real(), dir / "spool", {});
  REQUIRE(queued.ok());
  CHECK(queued->size() == 0);
  CHECK_FALSE(std::filesystem::exists(dir / "spool"));
}

}  // namespace
}  // namespace socbridge::reconcile
