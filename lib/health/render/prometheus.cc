#include <fmt/format.h>

#include "health/render/render.h"

namespace socbridge::health {
namespace {

constexpr double kMsPerSecond = 1000.0;

std::string label(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void head(std::string& out, std::string_view name, std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
}

double seconds(std::int64_t ms) { return static_cast<double>(ms) / kMsPerSecond; }

int severity(State state) {
  return static_cast<int>(state) - static_cast<int>(State::ok);  // ok 0 … down 3
}

void write_components(std::string& out, const Summary& summary) {
  head(out, "socbridge_health_component_state",
       "1 for the state that the component is in, 0 for the others.");
  for (const Report& report : summary.reports) {
    for (const State state :
         {State::ok, State::unknown, State::degraded, State::down, State::skipped}) {
      out +=
          fmt::format("socbridge_health_component_state{{component={},state=\"{}\"}} {}\n",
                      label(report.component), state_name(state), report.state() == state ? 1 : 0);
    }
  }
  head(out, "socbridge_health_answer_seconds", "Time until the first answer of the component.");
  for (const Report& report : summary.reports) {
    if (report.latency_ms < 0) continue;
    out += fmt::format("socbridge_health_answer_seconds{{component={}}} {:.3f}\n",
                       label(report.component), seconds(report.latency_ms));
  }
  head(out, "socbridge_health_component_info", "Version of the component; the value is always 1.");
  for (const Report& report : summary.reports) {
    if (report.version.empty()) continue;
    out += fmt::format("socbridge_health_component_info{{component={},version={}}} 1\n",
                       label(report.component), label(report.version));
  }
}

void write_checks(std::string& out, const Summary& summary) {
  head(out, "socbridge_health_check_severity",
       "0 ok, 1 unknown, 2 degraded, 3 down; checks that were skipped are left out.");
  for (const Report& report : summary.reports) {
    for (const Check& check : report.checks) {
      if (check.state == State::skipped) continue;
      out += fmt::format("socbridge_health_check_severity{{component={},check={}}} {}\n",
                         label(report.component), label(check.name), severity(check.state));
    }
  }
}

}  // namespace

std::string render_prometheus(const Summary& summary) {
  std::string out;
  write_components(out, summary);
  write_checks(out, summary);
  head(out, "socbridge_health_last_run_timestamp_seconds", "When this was looked at.");
  out += fmt::format("socbridge_health_last_run_timestamp_seconds {:.3f}\n",
                     seconds(summary.checked_at_ms));
  head(out, "socbridge_health_run_duration_seconds", "How long the look took.");
  out += fmt::format("socbridge_health_run_duration_seconds {:.3f}\n", seconds(summary.took_ms));
  return out;
}

}  // namespace socbridge::health
