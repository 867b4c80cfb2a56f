// SPDX-License-Identifier: Apache-2.0
#include "stream/technique_delivery.h"

#include <algorithm>
#include <map>

#include "json/writer.h"
#include "mapping/describe/markdown.h"
#include "opencti/techniques.h"
#include "thehive/annotations.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kBatch = 20;  // small, so that the limits on links are rarely reached
constexpr std::size_t kMostTechniques = 25, kMostName = 100;
constexpr std::int64_t kLookMs = 1000, kTimeoutMs = 60000, kLongestPauseMs = 60000;

}  // namespace

struct TechniqueDelivery::Links {
  explicit Links(const ConsumerSetup& setup)
      : hive(setup), http(setup.reader.http), opencti(http, *setup.opencti) {}
  TheHiveLink hive;
  http::Client http;
  opencti::Client opencti;
  std::map<std::string, std::vector<opencti::Technique>> techniques;  // of the current batch
  bool of_thehive = false;                                            // the last failure
};

// Techniques that may be written there, each once.
std::vector<thehive::Procedure> TechniqueDelivery::allowed(Links& links, const TechniqueTask& task,
                                                           const marking::PlaceLimits& limits) {
  const marking::MarkingRule& rule = core_.setup.delivery.markings;
  std::vector<thehive::Procedure> out;
  if (!may_show(rule, task.markings, limits)) return out;
  for (const opencti::Technique& one : links.techniques[task.opencti_id]) {
    const bool twice = std::any_of(out.begin(), out.end(), [&](const auto& other) {
      return other.pattern_id == one.mitre_id;
    });
    if (twice || out.size() >= kMostTechniques || !may_show(rule, one.markings, limits)) continue;
    const std::string why = "From OpenCTI: " + task.indicator;
    out.push_back({one.mitre_id,
                   wall_now_ms(),
                   {},
                   one.via.empty()
                       ? why
                       : why + ", through " + mapping::escape_markdown(one.via, kMostName)});
  }
  return out;
}

Status TechniqueDelivery::write(Links& links, const TechniqueTask& task) {
  const Deadline deadline = Deadline::after_ms(kTimeoutMs);
  links.of_thehive = true;
  const auto version = links.hive.client.version(deadline);
  if (!version.ok()) return version.status();
  const bool alert = task.subject.kind == thehive::Subject::Kind::alert;
  if (alert && version->api == thehive::ApiVersion::v4)
    return {};  // alerts have no procedures there
  const auto limits = marking::read_limits(links.hive.client, task.subject, deadline);
  if (limits.status().code() == ExitCode::bad_input) return {};  // it was deleted
  if (!limits.ok()) return limits.status();
  const auto procedures = allowed(links, task, *limits);
  if (procedures.empty()) return {};
  const auto put = thehive::put_procedures(links.hive.client, task.subject, procedures, deadline);
  if (!put.ok()) return put.status();
  added_ += put->added;
  core_.report(
      event::TechniquesAdded{task.subject.text(), task.indicator, put->added, put->refused.size()});
  return {};
}

Status TechniqueDelivery::put(Links& links, const TechniqueTask& task, std::size_t& done) {
  if (!links.techniques[task.opencti_id].empty()) {
    if (const Status s = write(links, task); !s.ok()) return s;
    links.of_thehive = false;
  }
  ++done;
  return {};
}

// `done`: number of lines that are finished.
Status TechniqueDelivery::some(Links& links, const std::vector<std::string>& lines,
                               std::size_t& done) {
  std::vector<TechniqueTask> tasks;
  std::vector<std::string> ids;
  for (const std::string& line : lines) {
    auto task = TechniqueTask::read(line);
    tasks.push_back(task.ok() ? std::move(*task) : TechniqueTask{});
    if (task.ok()) ids.push_back(tasks.back().opencti_id);
  }
  links.of_thehive = false;
  auto found =
      opencti::find_techniques(links.opencti, ids, core_.setup.techniques == TechniqueScope::all,
                               Deadline::after_ms(kTimeoutMs));
  if (!found.ok()) return with_choice(found.status());
  links.techniques = std::move(*found);
  for (const TechniqueTask& task : tasks) {
    if (core_.stopping()) return {};
    if (const Status s = put(links, task, done); !s.ok()) return s;
  }
  return {};
}

Status TechniqueDelivery::step(Links& links, std::size_t& done) {
  const auto batch = core_.techniques->next(kBatch);
  if (!batch.ok()) return batch.status();
  // A batch without lines is a partial line, left by a crash.
  if (batch->lines.empty()) return core_.techniques->confirm(*batch);
  std::vector<std::string> due;
  std::int64_t wait_ms = 0;
  for (const std::string& line : batch->lines) {
    const auto task = TechniqueTask::read(line);
    // A `once` run does not wait until later tasks are due.
    const bool now = core_.setup.reader.once || !task.ok();
    wait_ms = now ? 0 : task->due_ms - wall_now_ms();
    if (wait_ms > 0) break;
    due.push_back(line);
  }
  if (due.empty()) {
    core_.pause(std::min(wait_ms, kLookMs));
    return {};
  }
  Status outcome = some(links, due, done);
  if (done > 0 || !is_refusal(outcome)) refusals_ = 0;
  if (is_refusal(outcome) && ++refusals_ >= kRefusals) {
    core_.report(event::TechniquesFailed{outcome.message(), due[done]});
    outcome = Status();
    ++done;
    refusals_ = 0;
  }
  if (done == 0) return outcome;
  const Status kept = core_.techniques->confirm(batch->first(done));
  return outcome.ok() ? kept : outcome;
}

void TechniqueDelivery::run() {
  Links links(core_.setup);
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  while (!core_.stopping()) {
    const bool last = core_.all_notified;  // before the journal is read
    if (core_.techniques->empty()) {
      if (last) break;
      core_.wait_for_lines(*core_.techniques, [this] { return core_.all_notified.load(); });
      continue;
    }
    std::size_t done = 0;
    const Status outcome = step(links, done);
    if (done > 0 || outcome.ok()) backoff.succeeded();
    const auto what = links.of_thehive ? event::Outage::Of::thehive : event::Outage::Of::opencti;
    if (!outcome.ok() && !core_.wait_after(what, outcome, backoff)) break;
  }
}

}  // namespace socbridge::stream
