// SPDX-License-Identifier: Apache-2.0
// Cortex's routes for jobs.
#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/value.h"
#include "json/writer.h"
#include "soc-sandbox/cortex/api_calls.h"
#include "soc-sandbox/cortex/search.h"

namespace socbridge::sandbox::cortex {
namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;

Response not_found_job(std::string_view id) {
  return ApiError{404, "NotFoundError", "job " + printable(id, 60) + " not found", {}}.response();
}

// The observable is stored as binary, which cannot be searched.
Response not_searchable() {
  return ApiError{400, "SearchError", "all shards failed", {}}.response();
}

// A duration in Scala's syntax: `30seconds`, `1 minute`, `500ms`. Negative: invalid.
std::int64_t scala_duration_ms(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_u64(text.substr(0, end));
  if (!number) return -1;
  const std::string_view unit = trim(text.substr(end));
  const auto value = static_cast<std::int64_t>(*number);
  if (unit == "ms" || unit == "millis" || unit == "milliseconds") return value;
  if (unit == "s" || unit == "second" || unit == "seconds") return value * kSecond;
  if (unit == "m" || unit == "min" || unit == "minute" || unit == "minutes") return value * kMinute;
  if (unit == "h" || unit == "hour" || unit == "hours") return value * kHour;
  return -1;
}

std::vector<std::string> views(const std::vector<Job>& jobs) {
  const std::int64_t now = wall_now_ms();
  std::vector<std::string> out;
  out.reserve(jobs.size());
  for (const Job& job : jobs) out.push_back(job.json(now, false, false));
  return out;
}

}  // namespace

Response Cortex::list_jobs(const Call& call) const {
  const std::string type = call.parameter("dataTypeFilter");
  const std::string data = call.parameter("dataFilter");
  const std::string worker = call.parameter("analyzerFilter");
  if (!data.empty()) return not_searchable();
  const std::int64_t now = wall_now_ms();
  const auto jobs = jobs_.select([&](const Job& job) {
    return !job.is_deleted(now) && job.analyzer.organisation == call.actor.organisation &&
           (type.empty() || job.given.data_type == type) &&
           (worker.empty() || job.analyzer.id == worker || job.analyzer.definition == worker);
  });
  return ranged(views(jobs), call.parameter("range"));
}

Response Cortex::search_jobs(const Call& call) const {
  const std::int64_t now = wall_now_ms();
  std::string wrong;
  const json::Value query = call.body()["query"];
  if (asks_for(query, "data")) return not_searchable();
  const auto jobs = jobs_.select([&](const Job& job) {
    return !job.is_deleted(now) && job.analyzer.organisation == call.actor.organisation &&
           wrong.empty() && fits(query, job, now, wrong).value_or(false);
  });
  std::string range = call.parameter("range");
  if (const auto given = call.body()["range"].string()) range = *given;
  return ranged(views(jobs), range);
}

Response Cortex::job_states(const Call& call) const {
  const std::int64_t now = wall_now_ms();
  const json::Value ids = call.body()["jobIds"];
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string id(ids.at(i).string_or_empty());
    const auto job = jobs_.find(id);
    w.member(id, job ? job->status(now) : "NotFound");
  }
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response Cortex::one_job(const Call& call) const {
  const auto job = jobs_.find(call.captures.front());
  if (!job) return not_found_job(call.captures.front());
  return json_response(200, job->json(wall_now_ms(), false, false));
}

Response Cortex::report(const Call& call) const {
  const auto job = jobs_.find(call.captures.front());
  if (!job) return not_found_job(call.captures.front());
  return json_response(200, job->json(wall_now_ms(), false, true));
}

Response Cortex::wait_report(const Call& call) const {
  const auto job = jobs_.find(call.captures.front());
  if (!job) return not_found_job(call.captures.front());
  const std::string at_most = call.parameter("atMost");
  const std::int64_t most = at_most.empty() ? kMinute : scala_duration_ms(at_most);
  if (most < 0) {
    return ApiError{
        500, "IllegalArgumentException", "invalid duration " + printable(at_most, 40), {}}
        .response();
  }
  const std::int64_t now = wall_now_ms();
  if (!job->over(now)) call.stop.wait_ms(std::min(most, job->end_ms - now));
  return report(call);
}

Response Cortex::artifacts(const Call& call) const {
  const auto job = jobs_.find(call.captures.front());
  if (!job) return not_found_job(call.captures.front());
  std::vector<std::string> items;
  if (job->over(wall_now_ms()) && job->finding.success) {
    const auto report = json::Document::parse(job->finding.report);
    const json::Value list = report.ok() ? report->root()["artifacts"] : json::Value();
    for (std::size_t i = 0; i < list.size(); ++i) items.push_back(list.at(i).dump());
  }
  return ranged(std::move(items), call.parameter("range"));
}

Response Cortex::remove_job(const Call& call) {
  if (!jobs_.remove(call.captures.front())) return not_found_job(call.captures.front());
  return no_content();
}

}  // namespace socbridge::sandbox::cortex
