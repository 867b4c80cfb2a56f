// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "metrics/exporter.h"
#include "service/prometheus_text.h"

namespace socbridge::metrics {

// The text of a snapshot. Of a product that failed there is `socbridge_scrape_success` 0 and its
// duration, and no other sample.
std::string write_metrics(const Snapshot& snapshot, PrometheusText::Style style);

// Every family that write_metrics() can write, as it writes them of a snapshot that has everything:
// docs/metrics.md is made of this.
std::vector<PrometheusText::Family> all_families();

}  // namespace socbridge::metrics
