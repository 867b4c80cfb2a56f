// SPDX-License-Identifier: Apache-2.0
#include "cortex/job.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMaxTaxonomies = 1000, kMaxArtifacts = 10000;

void write_without_input(json::Writer& w, json::Value value, bool report_too) {
  w.begin_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view name = value.key_at(i);
    const json::Value member = value.value_at(i);
    if (name == "input") continue;
    w.key(name);
    if (report_too && name == "report" && member.is_object()) {
      write_without_input(w, member, false);
    } else {
      w.value(member);
    }
  }
  w.end_object();
}

// Unknown words count as info, as in TheHive.
Level read_level(std::string_view word) {
  if (word == "safe") return Level::safe;
  if (word == "suspicious") return Level::suspicious;
  return word == "malicious" ? Level::malicious : Level::info;
}

void read_taxonomies(json::Value list, Job& job) {
  for (std::size_t i = 0; i < std::min(list.size(), kMaxTaxonomies); ++i) {
    const json::Value t = list.at(i);
    if (!t.is_object()) continue;
    job.taxonomies.push_back({read_level(t["level"].string_or_empty()), t["namespace"].text(),
                              t["predicate"].text(), t["value"].text()});
  }
}

void read_artifacts(json::Value list, Job& job) {
  for (std::size_t i = 0; i < std::min(list.size(), kMaxArtifacts); ++i) {
    const json::Value a = list.at(i);
    Artifact artifact{a["dataType"].text(), a["data"].text()};
    if (artifact.value.empty()) artifact.value = a["attachment"]["name"].text();
    if (!artifact.type.empty()) job.artifacts.push_back(std::move(artifact));
  }
}

// The summary code of some analyzers fails silently; then only `full` has the verdict.
void read_silence(json::Value full, Job& job) {
  constexpr std::size_t kLongest = 200;
  if (const auto verdict = verdict_of_full(job.definition, full)) {
    job.taxonomies.push_back(*verdict);
    job.note = "URLhaus lists it; its own summary is empty";
    return;
  }
  if (const auto message = full["message"].string()) {
    job.note = "no verdict: " + printable(*message, kLongest);
    return;
  }
  job.note = "no verdict: the report has no taxonomies";
}

void read_report(json::Value report, Job& job) {
  if (!report.is_object()) return;  // "Running", "Waiting", "Deleted"
  job.has_report = true;
  if (job.error.empty()) job.error = report["errorMessage"].text();
  read_taxonomies(report["summary"]["taxonomies"], job);
  read_artifacts(report["artifacts"], job);
  if (job.taxonomies.empty() && job.status == JobStatus::success) read_silence(report["full"], job);
}

int small(json::Value value, int otherwise) {
  constexpr std::int64_t kMost = 4;
  const auto number = value.integer();
  return number && *number >= 0 && *number <= kMost ? static_cast<int>(*number) : otherwise;
}

}  // namespace

const char* job_status_name(JobStatus status) {
  switch (status) {
    case JobStatus::waiting: return "Waiting";
    case JobStatus::in_progress: return "InProgress";
    case JobStatus::success: return "Success";
    case JobStatus::failure: return "Failure";
    case JobStatus::deleted: return "Deleted";
    case JobStatus::unknown: break;
  }
  return "Unknown";
}

JobStatus read_job_status(std::string_view text) {
  for (const JobStatus status : {JobStatus::waiting, JobStatus::in_progress, JobStatus::success,
                                 JobStatus::failure, JobStatus::deleted}) {
    if (text == job_status_name(status)) return status;
  }
  return JobStatus::unknown;
}

bool is_over(JobStatus status) {
  return status == JobStatus::success || status == JobStatus::failure ||
         status == JobStatus::deleted;
}

const char* level_text(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::safe: return "safe";
    case Level::suspicious: return "suspicious";
    case Level::malicious: return "malicious";
    case Level::unknown: break;
  }
  return "unknown";
}

std::string Taxonomy::text() const { return space + ":" + predicate + "=" + json::quote(value); }

Level Job::level() const {
  Level heaviest = Level::unknown;
  for (const Taxonomy& t : taxonomies) heaviest = std::max(heaviest, t.level);
  return heaviest;
}

std::string Job::summary() const {
  constexpr std::size_t kLongest = 300;
  std::string out;
  for (const Taxonomy& t : taxonomies) out += (out.empty() ? "" : " ") + t.text();
  if (!out.empty()) return out;
  if (status == JobStatus::failure) {
    if (error.empty()) return kNoReason;
    const std::string why = explain_failure(error);
    return printable(error, kLongest) + (why.empty() ? "" : " (" + why + ")");
  }
  return note;
}

Job read_job(json::Value value) {
  Job job;
  job.id = value["id"].text();
  if (job.id.empty()) job.id = value["_id"].text();
  job.analyzer = value["analyzerName"].text();
  if (job.analyzer.empty()) job.analyzer = value["workerName"].text();
  job.analyzer_id = value["analyzerId"].text();
  if (job.analyzer_id.empty()) job.analyzer_id = value["workerId"].text();
  job.definition = value["analyzerDefinitionId"].text();
  if (job.definition.empty()) job.definition = value["workerDefinitionId"].text();
  job.status_text = value["status"].text();
  job.status = read_job_status(job.status_text);
  job.type = value["dataType"].text();
  job.value = value["data"].text();
  if (job.value.empty()) job.value = value["attachment"]["name"].text();
  job.label = value["label"].text();
  job.message = value["message"].text();
  job.error = value["errorMessage"].text();
  job.tlp = small(value["tlp"], 2);
  job.pap = small(value["pap"], 2);
  job.from_cache = value["fromCache"].boolean().value_or(false);
  job.created_ms = value["createdAt"].integer().value_or(value["date"].integer().value_or(0));
  job.start_ms = value["startDate"].integer().value_or(0);
  job.end_ms = value["endDate"].integer().value_or(0);
  read_report(value["report"], job);
  json::Writer w;
  write_without_input(w, value, true);
  job.json = std::move(w).take();
  return job;
}

std::optional<Taxonomy> verdict_of_full(std::string_view analyzer, json::Value full) {
  if (!istarts_with(analyzer, "URLhaus") || full["query_status"].string() != "ok") {
    return std::nullopt;
  }
  const std::string threat = full["threat"].text();
  return Taxonomy{Level::malicious, "URLhaus", "Search", threat.empty() ? "listed" : threat};
}

std::string explain_failure(std::string_view error) {
  if (error == "no output") {
    return "the analyzer wrote no report: it crashed, or its job folder is not shared; run socctl "
           "cortex doctor";
  }
  if (error == "Worker cannot be run")
    return "Cortex has no runner for it: no image, no Docker, or no claim name";
  if (error.starts_with("TLP is higher")) return "lower --tlp or raise the analyzer's max_tlp";
  if (error.starts_with("PAP is higher")) return "lower --pap or raise the analyzer's max_pap";
  if (error.starts_with("This datatype is not"))
    return "the analyzer does not accept this data type";
  if (error.starts_with("Missing ")) return "the analyzer is not configured in Cortex";
  if (error.starts_with("Unknown IP address"))
    return "the database does not have this address; private addresses are never in it";
  return {};
}

}  // namespace socbridge::cortex
