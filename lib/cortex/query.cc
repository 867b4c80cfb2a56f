// SPDX-License-Identifier: Apache-2.0
#include "cortex/query.h"

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

void is(json::Writer& w, std::string_view field, std::string_view value) {
  if (value.empty()) return;
  w.begin_object();
  w.member("_field", field);
  w.member("_value", value);
  w.end_object();
}

void created(json::Writer& w, const char* op, const std::optional<UnixMillis>& when) {
  if (!when) return;
  w.begin_object();
  w.key(op);
  w.begin_object();
  w.member("createdAt", *when);
  w.end_object();
  w.end_object();
}

}  // namespace

std::string query_of(const JobFilter& filter) {
  json::Writer w;
  w.begin_object();
  w.key("_and");
  w.begin_array();
  w.raw(R"({"_any":"*"})");  // an empty list matches nothing in older versions
  is(w, "dataType", filter.type);
  is(w, "status", filter.status);
  if (!filter.analyzer_ids.empty()) {
    w.begin_object();
    w.key("_in");
    w.begin_object();
    w.member("_field", "workerId");
    w.key("_values");
    w.begin_array();
    for (const std::string& id : filter.analyzer_ids) w.value(id);
    w.end_array();
    w.end_object();
    w.end_object();
  }
  created(w, "_gte", filter.since);
  created(w, "_lte", filter.until);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

Result<JobStatus> parse_status(std::string_view text) {
  std::vector<std::string_view> names;
  for (const JobStatus status : {JobStatus::waiting, JobStatus::in_progress, JobStatus::success,
                                 JobStatus::failure, JobStatus::deleted}) {
    if (iequals(text, job_status_name(status))) return status;
    names.emplace_back(job_status_name(status));
  }
  const std::string_view near = nearest(text, names);
  return Status::error(ExitCode::usage, "there is no job status \"" + printable(text, 40) + "\"",
                       near.empty() ? "known are Waiting, InProgress, Success, Failure, Deleted"
                                    : "did you mean " + std::string(near) + "?");
}

}  // namespace socbridge::cortex
