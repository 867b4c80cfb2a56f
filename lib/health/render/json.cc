// SPDX-License-Identifier: Apache-2.0
#include "health/render/render.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

void write_check(json::Writer& w, const Check& check) {
  w.begin_object();
  w.member("check", check.name);
  w.member("state", state_name(check.state));
  w.member("cause", cause_name(check.cause));
  w.member("detail", check.detail);
  w.member("next", check.next);
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
