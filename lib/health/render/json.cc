// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <utility>

#include "health/render/render.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

// Values are milliseconds, a number or percent; null: never.
void write_threshold(json::Writer& w, const Threshold& threshold) {
  constexpr const char* kUnits[] = {"ms", "number", "percent"};
  w.key("threshold");
  w.begin_object();
  w.member("unit", kUnits[static_cast<std::size_t>(threshold.unit)]);
  w.member("bad", threshold.bad == Threshold::Bad::above ? "above" : "below");
  for (const auto& [name, value] :
       {std::pair("degraded", threshold.degraded), std::pair("down", threshold.down)}) {
    w.key(name);
    if (value == Threshold::kNever) {
      w.null();
    } else {
      w.value(value);
    }
  }
  w.end_object();
}

void write_check(json::Writer& w, const Check& check) {
  w.begin_object();
  w.member("check", check.name);
  w.member("state", state_name(check.state));
  w.member("cause", cause_name(check.cause));
  w.member("detail", check.detail);
  w.member("next", check.next);
  if (check.took_ms >= 0) w.member("took_ms", check.took_ms);
  if (check.threshold) write_threshold(w, *check.threshold);
  w.end_object();
}

void write_report(json::Writer& w, const Report& report, const Summary& summary, bool alone) {
  w.begin_object();
  if (alone) w.member("checked_at", format_utc(summary.checked_at_ms));
  w.member("component", report.component);
  w.member("title", report.title);
  w.member("state", state_name(report.state()));
  w.member("reason", reason_text(report));
  w.member("url", report.url);
  w.member("version", report.version);
  w.key("latency_ms");
  if (report.latency_ms < 0) {
    w.null();
  } else {
    w.value(report.latency_ms);
  }
  w.key("checks");
  w.begin_array();
  for (const Check& check : report.checks) write_check(w, check);
  w.end_array();
  w.end_object();
}

}  // namespace

std::string render_json(const Summary& summary) {
  json::Writer w;
  w.begin_object();
  w.member("checked_at", format_utc(summary.checked_at_ms));
  w.member("took_ms", summary.took_ms);
  w.member("state", state_name(summary.state()));
  w.member("exit_code", static_cast<int>(summary.exit_code()));
  w.key("components");
  w.begin_array();
  for (const Report& report : summary.reports) write_report(w, report, summary, false);
  w.end_array();
  if (!summary.history.empty()) {
    w.key("history");
    w.raw(history_json(summary.history));
  }
  w.end_object();
  return std::move(w).take();
}

std::string render_jsonl(const Summary& summary) {
  std::string out;
  for (const Report& report : summary.reports) {
    json::Writer w;
    write_report(w, report, summary, true);
    out += std::move(w).take() + "\n";
  }
  return out;
}

}  // namespace socbridge::health
