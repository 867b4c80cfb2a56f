// SPDX-License-Identifier: Apache-2.0
#include "analysis/analysis_metrics.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::analysis;

TEST_CASE("analysis metrics: passes add up") {
  Totals totals;
  CHECK(totals.prometheus().empty());
  PassReport report;
  report.observables = 2;
  report.started = 3;
  totals.add(report, 1000);
  totals.add(report, 2000);
  totals.add_outage();
  const std::string text = totals.prometheus();
  CHECK(text.find("socbridge_analyze_observables_total 4\n") != std::string::npos);
  CHECK(text.find("socbridge_analyze_jobs_total{result=\"started\"} 6\n") != std::string::npos);
  CHECK(text.find("socbridge_analyze_outages_total 1\n") != std::string::npos);
  CHECK(text.find("socbridge_analyze_last_pass_timestamp_seconds 2.000\n") != std::string::npos);
}
