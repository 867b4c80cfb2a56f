// SPDX-License-Identifier: Apache-2.0
// A batch and the limits of its analyzers, its own and those that Cortex reports.
#include "batch_fixture.h"

namespace socbridge::cortex {

TEST_CASE("of a limit of a day the rest is left out at once") {
  BatchFixture w({started("j")}, 5, "3/day");
  w.plan.used_elsewhere = {1};
  const BatchOutcome out = w.run();
  CHECK(out.stopped.ok());
  CHECK(out.submitted == 2);
  CHECK(out.over_quota == std::map<std::size_t, std::size_t>{{0, 3}});
  CHECK(out.left == 0);
  CHECK(w.clock.passed_ms() < 60000);
}

TEST_CASE("a limit of a minute is waited for, and said once") {
  BatchFixture w({started("j")}, 5, "2/minute");
  w.options.progress = [&](std::size_t, std::size_t) { w.clock.advance_ms(10000); };
  const BatchOutcome out = w.run();
  CHECK(out.submitted == 5);
  CHECK(out.over_quota.empty());
  CHECK(w.clock.passed_ms() >= 120000);
  CHECK(w.lines.find("waits A_1_0 2/minute\n") == w.lines.rfind("waits "));
}

TEST_CASE("a limit that Cortex itself reports: short ones are waited for, others end it") {
  const auto limited = [](const std::string& unit) {
    return refused(429, "RateLimitExceeded", "Rate limit of 4 per " + unit + " reached for A");
  };
  BatchFixture minute({limited("Minute"), started("j1")});
  CHECK(minute.run().submitted == 1);
  CHECK(minute.clock.passed_ms() >= 15000);
  BatchFixture day({limited("Day")}, 3, "10/day");
  const BatchOutcome out = day.run();
  CHECK(out.stopped.ok());
  CHECK(out.over_quota == std::map<std::size_t, std::size_t>{{0, 3}});
  CHECK(day.server.runs() == 1);
  CHECK(day.used() == 0);
  BatchFixture others({limited("Second")});  // other clients use it up again and again
  CHECK(others.run().over_quota == std::map<std::size_t, std::size_t>{{0, 1}});
  CHECK(others.server.runs() == 21);
}

}  // namespace socbridge::cortex
