// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/jobs.h"

#include <limits>

#include "base/time.h"
#include "hash/digest.h"
#include "json/writer.h"

namespace socbridge::sandbox::cortex {
namespace {

constexpr std::size_t kIdDigits = 20, kTagDigits = 32;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 2;

void write_attachment(json::Writer& w, const Attachment& file) {
  w.key("attachment");
  w.begin_object();
  w.member("name", file.name);
  w.key("hashes");
  w.begin_array();
  w.value(file.sha256);
  w.end_array();
  w.member("size", file.size);
  w.member("contentType", file.content_type);
  w.member("id", file.sha256);
  w.end_object();
}

}  // namespace

// A job that is deleted while it runs comes back when its process ends.
bool Job::is_deleted(std::int64_t now) const {
  return deleted_ms > 0 && !(deleted_ms < end_ms && now >= end_ms);
}

std::int64_t Job::updated_ms(std::int64_t now) const {
  if (is_deleted(now)) return deleted_ms;
  if (now >= end_ms) return end_ms;
  return now >= start_ms ? start_ms : 0;
}

const char* Job::status(std::int64_t now) const {
  if (is_deleted(now)) return "Deleted";
  if (now < start_ms) return "Waiting";
  if (now < end_ms) return "InProgress";
  return finding.success ? "Success" : "Failure";
}

std::string Job::json(std::int64_t now, bool from_cache, bool with_report) const {
  const std::string state = status(now);
  json::Writer w;
  w.begin_object();
  w.member("_id", id);
  w.member("id", id);
  w.member("_type", "job");
  w.member("workerId", analyzer.id);
  w.member("workerName", analyzer.name);
  w.member("workerDefinitionId", analyzer.definition);
  w.member("analyzerId", analyzer.id);
  w.member("analyzerName", analyzer.name);
  w.member("analyzerDefinitionId", analyzer.definition);
  w.member("organization", analyzer.organisation);
  w.member("status", state);
  w.member("date", created_ms);
  w.member("createdAt", created_ms);
  w.member("createdBy", given.user);
  if (const std::int64_t at = updated_ms(now); at > 0) {
    w.member("updatedAt", at);
    w.member("updatedBy", given.user);
  }
  write_index_members(w, id);
  if (now >= start_ms) w.member("startDate", start_ms);
  if (now >= end_ms) w.member("endDate", end_ms);
  w.member("dataType", given.data_type);
  if (given.attachment) {
    write_attachment(w, *given.attachment);
  } else {
    w.member("data", given.data);
  }
  w.member("tlp", given.tlp);
  w.member("pap", given.pap);
  w.member("message", given.message);
  w.key("parameters");
  w.raw(given.parameters);
  if (given.label) w.member("label", *given.label);
  w.member("cacheTag", cache_tag);
  w.member("type", "analyzer");
  if (from_cache) w.member("fromCache", true);
  if (state == "Failure") {
    w.member("errorMessage", finding.error);
    w.key("input");
    w.raw(finding.input);
  }
  if (with_report) {
    w.key("report");
    if (state == "Success" || state == "Failure") {
      w.raw(finding.report);
    } else {
      w.value(state == "InProgress" ? "Running" : state);
    }
  }
  w.end_object();
  return std::move(w).take();
}

// A waiting job has no start date and is not found, so two requests in quick succession make two
// jobs.
const Job* Jobs::similar(const std::string& tag, std::int64_t cache_min, std::int64_t now) const {
  constexpr std::int64_t kMinute = 60000;
  const auto at = by_tag_.find(tag);
  if (at == by_tag_.end()) return nullptr;
  for (auto i = at->second.rbegin(); i != at->second.rend(); ++i) {
    const Job& job = jobs_[*i];
    const std::string state = job.status(now);
    if (state != "Success" && state != "InProgress") continue;
    if (job.start_ms >= now - cache_min * kMinute) return &job;
  }
  return nullptr;
}

Jobs::Created Jobs::create(const Analyzer& analyzer, Submission given) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = wall_now_ms();
  const std::string& thing = given.attachment ? given.attachment->sha256 : given.data;
  const std::string tag =
      sha256_hex(analyzer.id + "|" + given.data_type + "|" + std::to_string(given.tlp) + "|" +
                 thing + "|" + given.parameters)
          .substr(0, kTagDigits);
  if (!given.force && analyzer.cache_min > 0) {
    if (const Job* job = similar(tag, analyzer.cache_min, now)) return {*job, true};
  }
  if (analyzer.rate > 0) {
    std::int64_t count = 0;
    for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) {
      if (job->created_ms < now - analyzer.unit_ms()) break;
      if (job->analyzer.id == analyzer.id) ++count;
    }
    if (count >= analyzer.rate) return {};
  }
  Job job;
  job.id = "AZ" + sha256_hex("job" + std::to_string(jobs_.size()) + tag).substr(0, kIdDigits - 2);
  job.analyzer = analyzer;
  job.cache_tag = tag;
  job.created_ms = now;
  const Question question{given.data_type,
                          given.attachment ? given.attachment->name : given.data,
                          given.attachment ? given.attachment->size : 0,
                          given.tlp,
                          given.pap,
                          given.message,
                          given.parameters,
                          analyzer.base};
  job.finding = analyse(analyzer, question);
  const Nature nature = nature_of(given.data_type, question.value);
  constexpr std::int64_t kSlower = 10;
  job.start_ms = now + waiting_ms_;
  job.end_ms = job.start_ms + running_ms_ * (nature == Nature::slow ? kSlower : 1);
  if (nature == Nature::stuck) job.end_ms = kNever;
  job.given = std::move(given);
  by_id_.emplace(job.id, jobs_.size());
  by_tag_[tag].push_back(jobs_.size());
  jobs_.push_back(job);
  return {std::move(job), false};
}

std::optional<Job> Jobs::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto at = by_id_.find(std::string(id));
  if (at == by_id_.end()) return std::nullopt;
  return jobs_[at->second];
}

bool Jobs::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto at = by_id_.find(std::string(id));
  if (at == by_id_.end()) return false;
  jobs_[at->second].deleted_ms = wall_now_ms();
  return true;
}

std::vector<Job> Jobs::select(const std::function<bool(const Job&)>& wanted) const {
  const std::lock_guard lock(mutex_);
  std::vector<Job> out;
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) {
    if (wanted(*job)) out.push_back(*job);
  }
  return out;
}

}  // namespace socbridge::sandbox::cortex
