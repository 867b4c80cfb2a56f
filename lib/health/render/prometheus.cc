// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "health/render/render.h"
#include "service/prometheus_text.h"

namespace socbridge::health {
namespace {

using Type = PrometheusText::Type;

std::uint64_t severity(State state) {
  return static_cast<std::uint64_t>(static_cast<int>(state) -
                                    static_cast<int>(State::ok));  // ok 0 … down 3
}

void write_components(PrometheusText& out, const Summary& summary) {
  out.family("component_state", Type::gauge,
             "1 for the state that the component is in, 0 for the others.");
  for (const Report& report : summary.reports) {
    for (const State state :
         {State::ok, State::unknown, State::degraded, State::down, State::skipped}) {
      out.sample(report.state() == state ? 1 : 0,
                 {{"component", report.component}, {"state", state_name(state)}});
    }
  }
  out.family("answer_seconds", Type::gauge, "Time until the first answer of the component.");
  for (const Report& report : summary.reports) {
    if (report.latency_ms >= 0) {
      out.seconds(report.latency_ms, {{"component", report.component}});
    }
  }
  out.family("component_info", Type::gauge, "Version of the component; the value is always 1.");
  for (const Report& report : summary.reports) {
    if (!report.version.empty()) {
      out.sample(1, {{"component", report.component}, {"version", report.version}});
    }
  }
}

void write_checks(PrometheusText& out, const Summary& summary) {
  out.family("check_severity", Type::gauge,
             "0 ok, 1 unknown, 2 degraded, 3 down; checks that were skipped are left out.");
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      if (check.state == State::skipped) continue;
      out.sample(severity(check.state), {{"component", report.component}, {"check", check.name}});
    }
  }
}

bool is_canary(const Report& report) { return report.component == "canary"; }

// Writes the stages of a run with --canary.
void write_stages(PrometheusText& out, const Summary& summary) {
  bool any = false;
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      if (check.took_ms < 0) continue;
      if (!any) {
        out.family("canary_stage_seconds", Type::gauge,
                   "Duration of each stage of the canary that was ok.");
      }
      any = true;
      out.seconds(check.took_ms, {{"stage", check.name}});
    }
  }
}

}  // namespace

std::string render_prometheus(const Summary& summary) {
  PrometheusText out("socbridge_health_");
  write_components(out, summary);
  write_checks(out, summary);
  write_stages(out, summary);
  const auto& reports = summary.reports;
  if (std::any_of(reports.begin(), reports.end(), is_canary)) {
    out.family("canary_last_run_timestamp_seconds", Type::gauge, "Time of the last canary.");
    out.seconds(summary.checked_at_ms);
    // A file of a canary run alone has no series of the probes.
    if (std::all_of(reports.begin(), reports.end(), is_canary)) return out.text();
  }
  out.family("last_run_timestamp_seconds", Type::gauge, "Time of the last run.");
  out.seconds(summary.checked_at_ms);
  out.family("run_duration_seconds", Type::gauge, "Duration of the run.");
  out.seconds(summary.took_ms);
  return out.text();
}

}  // namespace socbridge::health
