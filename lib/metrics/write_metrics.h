// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "metrics/exporter.h"
#include "service/prometheus_text.h"

namespace socbridge::metrics {

// The text of a snapshot. A failed product has only `socbridge_scrape_success` 0 and its duration.
std::string write_metrics(const Snapshot& snapshot, PrometheusText::Style style);

// Every family that write_metrics() can write, from a snapshot with all data: docs/metrics.md is
// generated from this.
std::vector<PrometheusText::Family> all_families();

}  // namespace socbridge::metrics
