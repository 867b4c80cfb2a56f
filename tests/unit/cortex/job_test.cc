// SPDX-License-Identifier: Apache-2.0
#include "cortex/job.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using cortex::JobStatus;
using cortex::Level;

namespace {
cortex::Job read(std::string_view text) {
  const auto document = json::Document::parse(text);
  REQUIRE(document.ok());
  return cortex::read_job(document->root());
}
}  // namespace

TEST_CASE("a job and its report") {
  const auto job = read(R"({"id":"AX1","_id":"AX1","workerName":"w","analyzerName":"AbuseIPDB_2_0",
    "analyzerId":"5f","analyzerDefinitionId":"AbuseIPDB_2_0","status":"Success","date":17,
    "createdAt":18,"startDate":19,"endDate":20,"dataType":"ip","data":"203.0.113.66","tlp":1,"pap":0,
    "fromCache":true,"label":"l","report":{"success":true,"summary":{"taxonomies":[
    {"level":"malicious","namespace":"AbuseIPDB","predicate":"Score","value":100},
    {"level":"odd","namespace":"AbuseIPDB","predicate":"Usage","value":"Data \"x\""}]},
    "full":{"message":"no"},"artifacts":[{"dataType":"ip","data":"203.0.113.9"},
    {"dataType":"file","attachment":{"name":"a.exe"}}],"operations":[]}})");
  CHECK(job.id == "AX1");
  CHECK(job.analyzer == "AbuseIPDB_2_0");
  CHECK(job.analyzer_id == "5f");
  CHECK(job.status == JobStatus::success);
  CHECK(job.created_ms == 18);
  CHECK(job.start_ms == 19);
  CHECK(job.end_ms == 20);
  CHECK(job.tlp == 1);
  CHECK(job.pap == 0);
  CHECK(job.from_cache);
  CHECK(job.has_report);
  CHECK(job.level() == Level::malicious);
  CHECK(job.taxonomies[1].level == Level::info);  // unknown words are info
  CHECK(job.summary() == R"(AbuseIPDB:Score="100" AbuseIPDB:Usage="Data \"x\"")");
  REQUIRE(job.artifacts.size() == 2);
  CHECK(job.artifacts[1].value == "a.exe");
  CHECK(job.note.empty());
}

TEST_CASE("the input that a failed runner leaves is never shown") {
  const auto job =
      read(R"({"id":"AX1","status":"Failure","analyzerName":"a","dataType":"ip","data":"d",
    "input":{"config":{"key":"SECRET1"}},"errorMessage":"no output",
    "report":{"success":false,"errorMessage":"no output","input":"{\"config\":{\"key\":\"SECRET2\"}}"}})");
  CHECK(job.json.find("SECRET") == std::string::npos);
  CHECK(job.json.find("\"input\"") == std::string::npos);
  CHECK(job.json.find("no output") != std::string::npos);
  CHECK(job.summary().find("SECRET") == std::string::npos);
  CHECK(job.summary().find("not shared") != std::string::npos);
}

TEST_CASE("input of the report itself is kept if it is the analyzer's own finding") {
  const auto job =
      read(R"({"id":"A","status":"Success","report":{"full":{"input":"a form field"}}})");
  CHECK(job.json.find("a form field") != std::string::npos);
}

TEST_CASE("job: a report may be a word") {
  const auto job = read(R"({"id":"AX1","status":"InProgress","report":"Running"})");
  CHECK_FALSE(job.has_report);
  CHECK(job.level() == Level::unknown);
  CHECK_FALSE(cortex::is_over(job.status));
}

TEST_CASE("job: no taxonomies means no verdict") {
  const auto job =
      read(R"({"id":"A","status":"Success","analyzerDefinitionId":"VirusTotal_GetReport_3_1",
    "report":{"success":true,"summary":{},"full":{"message":"Quota exceeded"}}})");
  CHECK(job.level() == Level::unknown);
  CHECK(job.summary() == "no verdict: Quota exceeded");
  CHECK(read(R"({"id":"A","status":"Success","report":{"full":{}}})").level() == Level::unknown);
}

TEST_CASE("URLhaus hits whose summary is empty are read from the full report") {
  const auto job = read(R"({"id":"A","status":"Success","analyzerDefinitionId":"URLhaus_2_0",
    "report":{"success":true,"summary":{},"full":{"query_status":"ok","threat":"malware_download"}}})");
  CHECK(job.level() == Level::malicious);
  CHECK(job.summary() == R"(URLhaus:Search="malware_download")");
  CHECK(read(R"({"id":"A","status":"Success","analyzerDefinitionId":"URLhaus_2_0",
    "report":{"summary":{},"full":{"query_status":"no_results"}}})")
            .level() == Level::unknown);
}

TEST_CASE("job: wrong types do not crash") {
  CHECK(read("[]").id.empty());
  CHECK(read(R"({"id":7,"tlp":"x","report":[1],"status":{}})").id == "7");
  CHECK(read(R"({"id":"A","report":{"summary":{"taxonomies":[1,{"level":3}]},"artifacts":"x"}})")
            .taxonomies.size() == 1);
}
