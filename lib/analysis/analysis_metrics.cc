// SPDX-License-Identifier: Apache-2.0
#include "analysis/analysis_metrics.h"

#include "service/prometheus_text.h"

namespace socbridge::analysis {

void Totals::add(const PassReport& report, UnixMillis ended_ms) {
  const std::lock_guard lock(mutex_);
  observables_ += report.observables;
  started_ += report.started;
  present_ += report.present;
  postponed_ += report.postponed;
  failed_ += report.failed;
  skipped_ += report.skipped;
  last_pass_ms_ = ended_ms;
}

void Totals::add_outage() {
  const std::lock_guard lock(mutex_);
  ++outages_;
}

std::string Totals::prometheus() const {
  using Type = PrometheusText::Type;
  const std::lock_guard lock(mutex_);
  if (last_pass_ms_ == 0) return {};
  PrometheusText out("socbridge_analyze_");
  out.family("observables_total", Type::counter, "New observables.", observables_);
  out.family("jobs_total", Type::counter, "Analyzers selected for new observables, by result.",
             "result",
             {{"started", started_},
              {"present", present_},
              {"postponed", postponed_},
              {"failed", failed_},
              {"skipped", skipped_}});
  out.family("outages_total", Type::counter, "Times that TheHive or Cortex did not answer.",
             outages_);
  out.family("last_pass_timestamp_seconds", Type::gauge, "Time of the last successful pass.");
  out.seconds(last_pass_ms_);
  return out.text();
}

}  // namespace socbridge::analysis
