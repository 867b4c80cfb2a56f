// SPDX-License-Identifier: Apache-2.0
#include "reconcile/report.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "json/value.h"

namespace socbridge::reconcile {
namespace {

json::Document parsed(const std::string& text) {
  auto document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

const SummaryRow* row(const std::vector<SummaryRow>& rows, const std::string& what) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const SummaryRow& one) { return one.what == what; });
  return found == rows.end() ? nullptr : &*found;
}

// A run that stopped: of ten alerts that were to be forwarded six were compared.
Report stopped_run() {
  Report report;
  report.counts.alerts_read = 12;
  report.counts.not_forwarded = 2;
  report.counts.present = 4;
  report.counts.missing = 2;
  report.not_sent = 2;
  report.reading = {50, 200};
  report.stopped = Status::error(ExitCode::unreachable, "no answer", "try again");
  return report;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a finding is one JSON object with what is known of the alert") {
  Finding finding;
  finding.kind = FindingKind::filled;
  finding.source_ref = "1.2-ab";
  finding.rule_id = "5763";
  finding.agent = "web \"01\"";
  finding.place = "alerts.json, byte 7";
  finding.alert_id = "~1";
  finding.message = "HTTP 201";
  finding.level = 10;
  finding.http_status = 201;
  finding.time_ms = 1741938001037;
  CHECK(finding_json(finding) ==
        R"({"kind":"alert","result":"filled","source_ref":"1.2-ab",)"
        R"("time":"2025-03-14T07:40:01.037Z","level":10,"rule_id":"5763","agent":"web \"01\"",)"
        R"("place":"alerts.json, byte 7","alert_id":"~1","http_status":201,)"
        R"("message":"HTTP 201"})");
  finding.time_ms = 0;
  CHECK(parsed(finding_json(finding)).root()["time"].type() == json::Type::null);
}

TEST_CASE("the summary of a run has its counts, its window and whether it is complete") {
  Report report;
  report.counts.alerts_read = 10;
  report.counts.not_forwarded = 4;
  report.counts.elsewhere = 1;
  report.counts.by_block = 3;
  report.counts.present = 6;
  report.unread.failures = {};
  Heading heading;
  heading.from = "1 file";
  heading.thehive = "http://h:9000";
  heading.window.since = 1741938001037;
  heading.blocks = {"ossec.conf:7"};
  const auto whole = parsed(summary_json(report, heading));
  CHECK(whole.root()["kind"].string() == "summary");
  CHECK(whole.root()["complete"].boolean() == true);
  CHECK(whole.root()["alerts_read"].integer() == 10);
  CHECK(whole.root()["forwarded"].integer() == 6);
  CHECK(whole.root()["not_for_block"].integer() == 3);
  CHECK(whole.root()["other_destination"].integer() == 1);
  CHECK(whole.root()["not_asked"].integer() == 0);
  CHECK(whole.root()["gaps"].integer() == 0);
  CHECK(whole.root()["since"].string() == "2025-03-14T07:40:01.037Z");
  CHECK(whole.root()["until"].type() == json::Type::null);
  CHECK(whole.root()["blocks"].at(0).string() == "ossec.conf:7");
  CHECK(whole.root()["stopped"].string() == "");
  CHECK(whole.root()["destination"].missing());

  heading.destination = "acme";
  const auto part = parsed(summary_json(stopped_run(), heading));
  CHECK(part.root()["complete"].boolean() == false);
  CHECK(part.root()["destination"].string() == "acme");
  CHECK(part.root()["stopped"].string() == "unreachable");
  CHECK(part.root()["message"].string() == "no answer");
  CHECK(part.root()["not_sent"].integer() == 2);
  CHECK(part.root()["not_asked"].integer() == 4);
  CHECK(part.root()["gaps"].integer() == 2);
}

TEST_CASE("rows of the summary that are zero and usually are are left out") {
  const auto rows = summary_rows({}, false);
  Lines names;
  for (const SummaryRow& one : rows) names.push_back(one.what);
  CHECK(names ==
        Lines{"alerts_read", "not forwarded", "forwarded", "present", "missing", "filled"});
  CHECK(std::none_of(rows.begin(), rows.end(), [](const SummaryRow& one) { return one.bad; }));
}

TEST_CASE("what a person has to act on is marked in the summary") {
  Report report = stopped_run();
  report.counts.held = 1;
  report.counts.dead = 2;
  report.counts.queued = 1;
  report.counts.without_case = 1;
  report.counts.not_alerts = 3;
  report.unread.too_long = 1;
  report.unread.failures = {"a", "b"};
  const auto rows = summary_rows(report, false);
  for (const char* what :
       {"not sent", "held", "dead", "without case", "not alerts", "too long", "unreadable"}) {
    INFO(what);
    REQUIRE(row(rows, what) != nullptr);
    CHECK(row(rows, what)->bad);
  }
  CHECK(row(rows, "unreadable")->count == 2);
  CHECK_FALSE(row(rows, "queued")->bad);
  CHECK_FALSE(row(rows, "missing")->bad);  // they are filled now
}

TEST_CASE("a dry run fills nothing, and what is missing is marked") {
  const auto rows = summary_rows(stopped_run(), true);
  CHECK(row(rows, "filled") == nullptr);
  CHECK(row(rows, "missing")->bad);
  CHECK_FALSE(row(summary_rows({}, true), "missing")->bad);
}

TEST_CASE("report: a run without a fault has no remarks") { CHECK(remarks({}).empty()); }

TEST_CASE("a run that stopped says why, what is left and that it can be repeated") {
  CHECK(remarks(stopped_run()) ==
        Lines{"stopped: no answer; 2 missing were not sent; 4 were not compared (25% of the input "
              "was read); run it again to continue: nothing is sent twice"});
  Report report;
  report.stopped = Status::error(ExitCode::interrupted, "interrupted");
  CHECK(remarks(report) ==
        Lines{"stopped: interrupted; run it again to continue: nothing is sent twice"});
  report.reading = {300, 200};  // the file grew meanwhile
  CHECK_THAT(remarks(report).front(), Catch::Contains(" (100% of the input was read)"));
}

TEST_CASE("input that is not a good stops a run with the cure, and repeating it is not a help") {
  Report report;
  report.unread.failures = {"cannot read a"};
  report.stopped = Status::error(ExitCode::bad_input, "no file", "give another");
  CHECK(remarks(report) == Lines{"cannot read a", "stopped: no file; give another"});
}

TEST_CASE("input without any alert, and a cursor that was not kept, are said") {
  Report report;
  report.counts.not_alerts = 3;
  report.save_error = Status::error(ExitCode::failure, "disk full");
  CHECK(remarks(report) ==
        Lines{"the cursor file was not updated: disk full", "nothing in the input is an alert"});
  report.counts.outside = 1;
  CHECK(remarks(report).size() == 1);
}

}  // namespace socbridge::reconcile
