// SPDX-License-Identifier: Apache-2.0
#include "reconcile/report.h"

#include "json/writer.h"

namespace socbridge::reconcile {
namespace {

void write_time(json::Writer& w, std::string_view name, std::optional<UnixMillis> time) {
  w.key(name);
  if (time) {
    w.value(format_utc(*time));
  } else {
    w.null();
  }
}

void write_lines(json::Writer& w, std::string_view name, const std::vector<std::string>& lines) {
  w.key(name);
  w.begin_array();
  for (const std::string& line : lines) w.value(line);
  w.end_array();
}

std::string part_read(const Reading& reading) {
  if (reading.total == 0) return {};
  constexpr std::uint64_t kAll = 100;
  const std::uint64_t percent =
      reading.done >= reading.total ? kAll : reading.done * kAll / reading.total;
  return " (" + std::to_string(percent) + "% of the input was read)";
}

}  // namespace

std::string finding_json(const Finding& finding) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "alert");
  w.member("result", kind_name(finding.kind));
  w.member("source_ref", finding.source_ref);
  write_time(w, "time", finding.time_ms == 0 ? std::optional<UnixMillis>() : finding.time_ms);
  w.member("level", finding.level);
  w.member("rule_id", finding.rule_id);
  w.member("agent", finding.agent);
  w.member("place", finding.place);
  w.member("alert_id", finding.alert_id);
  w.member("http_status", finding.http_status);
  w.member("message", finding.message);
  w.end_object();
  return std::move(w).take();
}

std::string summary_json(const Report& report, const Heading& heading) {
  const Counts& c = report.counts;
  json::Writer w;
  w.begin_object();
  w.member("kind", "summary");
  w.member("from", heading.from);
  w.member("thehive", heading.thehive);
  if (!heading.destination.empty()) w.member("destination", heading.destination);
  write_lines(w, "blocks", heading.blocks);
  write_lines(w, "elsewhere", heading.elsewhere);
  write_time(w, "since", heading.window.since);
  write_time(w, "until", heading.window.until);
  w.member("dry_run", heading.dry_run);
  w.member("complete", report.code() == ExitCode::ok);
  w.member("alerts_read", c.alerts_read);
  w.member("not_forwarded", c.not_forwarded);
  w.member("not_for_block", c.by_block);
  w.member("other_destination", c.elsewhere);
  w.member("forwarded", c.forwarded());
  w.member("present", c.present);
  w.member("queued", c.queued);
  w.member("held", c.held);
  w.member("dead", c.dead);
  w.member("capped", c.capped);
  w.member("missing", c.missing);
  w.member("filled", c.filled);
  w.member("refused", c.refused);
  w.member("without_case", c.without_case);
  w.member("promoted", c.promoted);
  w.member("not_sent", report.not_sent);
  w.member("not_asked", c.not_asked());
  w.member("gaps", c.gaps());
  w.member("not_alerts", c.not_alerts);
  w.member("too_long", report.unread.too_long);
  w.member("outside_window", c.outside);
  write_lines(w, "unreadable", report.unread.failures);
  w.member("stopped", report.stopped.ok() ? "" : exit_code_name(report.stopped.code()));
  w.member("message", report.stopped.message());
  w.end_object();
  return std::move(w).take();
}

std::vector<SummaryRow> summary_rows(const Report& report, bool dry_run) {
  const Counts& c = report.counts;
  std::vector<SummaryRow> rows = {
      {"alerts_read", c.alerts_read, "alerts that Wazuh fired"},
      {"not forwarded", c.not_forwarded, "by policy: the integration block and the filters"},
      {"forwarded", c.forwarded(), "should be in TheHive"},
      {"present", c.present, "are in TheHive"},
      {"missing", c.missing, "were in neither TheHive nor the spool", dry_run && c.missing > 0},
  };
  const auto add = [&](const char* what, std::uint64_t count, const char* meaning, bool bad) {
    if (count > 0) rows.push_back({what, count, meaning, bad});
  };
  add("elsewhere", c.elsewhere, "of the not forwarded: rules send them to other destinations",
      false);
  if (!dry_run) rows.push_back({"filled", c.filled, "of the missing: created now"});
  add("refused", c.refused, "of the missing: TheHive refuses them", true);
  add("not sent", report.not_sent, "of the missing: the run stopped before", true);
  add("not asked", c.not_asked(), "not compared, since the run stopped", true);
  add("promoted", c.promoted, "of the present: added to their case now", false);
  add("without case", c.without_case, "are in TheHive, but not in their case", true);
  add("capped", c.capped, "over the rate cap, counted in its summaries", false);
  add("queued", c.queued, "wait in the spool for delivery", false);
  add("held", c.held, "set aside in the spool: socctl queue release", true);
  add("dead", c.dead, "refused earlier, kept in the spool: socctl queue list --state dead", true);
  add("not alerts", c.not_alerts, "lines that are not a JSON alert", true);
  add("too long", report.unread.too_long, "lines over 8 MiB, skipped", true);
  add("unreadable", report.unread.failures.size(),
      "warnings about unread or possibly incomplete input", true);
  return rows;
}

std::vector<std::string> remarks(const Report& report) {
  std::vector<std::string> out = report.unread.failures;
  if (!report.save_error.ok()) {
    out.push_back("the cursor file was not updated: " + report.save_error.line());
  }
  if (report.stopped.ok()) {
    if (report.counts.only_other()) out.emplace_back("nothing in the input is an alert");
    return out;
  }
  if (report.stopped.code() == ExitCode::bad_input) {
    out.push_back("stopped: " + report.stopped.line());
    return out;
  }
  std::string line = "stopped: " + report.stopped.message();
  if (report.not_sent > 0)
    line += "; " + std::to_string(report.not_sent) + " missing were not sent";
  if (report.counts.not_asked() > 0) {
    line += "; " + std::to_string(report.counts.not_asked()) + " were not compared";
  }
  line += part_read(report.reading) + "; run it again to continue: nothing is sent twice";
  out.push_back(std::move(line));
  return out;
}

}  // namespace socbridge::reconcile
