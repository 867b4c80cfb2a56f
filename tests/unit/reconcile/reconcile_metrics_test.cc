// SPDX-License-Identifier: Apache-2.0
#include "reconcile/reconcile_metrics.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::reconcile;

TEST_CASE("reconcile metrics: a run with gaps") {
  Report report;
  Counts& counts = report.counts;
  counts.alerts_read = 12;
  counts.not_forwarded = 2;
  counts.present = 5;
  counts.queued = 1;
  counts.dead = 1;
  counts.missing = 3;
  counts.filled = 2;
  const std::string text = reconcile_prometheus(report, 1700000000500);
  for (const char* line : {"socbridge_reconcile_alerts{state=\"present\"} 5\n",
                           "socbridge_reconcile_alerts{state=\"filled\"} 2\n",
                           "socbridge_reconcile_alerts{state=\"missing\"} 1\n",
                           "socbridge_reconcile_not_forwarded 2\n", "socbridge_reconcile_gaps 2\n",
                           "socbridge_reconcile_complete 0\n",
                           "socbridge_reconcile_last_run_timestamp_seconds 1700000000.500\n"}) {
    CAPTURE(line, text);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("reconcile metrics: a run that proved all is complete") {
  Report report;
  report.counts.alerts_read = report.counts.present = 3;
  const std::string text = reconcile_prometheus(report, 1);
  CHECK(text.find("socbridge_reconcile_complete 1\n") != std::string::npos);
  CHECK(text.find("socbridge_reconcile_gaps 0\n") != std::string::npos);
}
