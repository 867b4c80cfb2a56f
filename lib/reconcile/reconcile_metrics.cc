// SPDX-License-Identifier: Apache-2.0
#include "reconcile/reconcile_metrics.h"

#include "service/prometheus_text.h"

namespace socbridge::reconcile {

std::string reconcile_prometheus(const Report& report, UnixMillis ended_ms) {
  using Type = PrometheusText::Type;
  const Counts& c = report.counts;
  PrometheusText out("socbridge_reconcile_");
  out.family("alerts", Type::gauge, "Alerts of the last run that should be in TheHive, by state.",
             "state",
             {{"present", c.present},
              {"queued", c.queued},
              {"capped", c.capped},
              {"held", c.held},
              {"dead", c.dead},
              {"filled", c.filled},
              {"missing", c.missing - c.filled},
              {"not_asked", c.not_asked()}});
  out.family("not_forwarded", Type::gauge, "Alerts of the last run that policy excludes.",
             c.not_forwarded);
  out.family("without_case", Type::gauge,
             "Alerts of the last run that are in TheHive, but not in their case.", c.without_case);
  out.family("gaps", Type::gauge,
             "Alerts of the last run that are not in TheHive, or not in their case, after it.",
             c.gaps());
  out.family("complete", Type::gauge, "1 if the last run showed that none is missing.",
             report.code() == ExitCode::ok ? 1 : 0);
  out.family("last_run_timestamp_seconds", Type::gauge, "Time of the end of the last run.");
  out.seconds(ended_ms);
  return out.text();
}

}  // namespace socbridge::reconcile
