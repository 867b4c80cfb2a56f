// SPDX-License-Identifier: Apache-2.0
#include "health/canary_cortex.h"

#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "health/job_error.h"

namespace socbridge::health {
namespace {

// By cost, free ones first (docs/protocols/cortex.md, "Reports").
constexpr std::array<std::string_view, 4> kPreferred = {"MaxMind_GeoIP", "URLhaus", "AbuseIPDB",
                                                        "VirusTotal_GetReport"};
constexpr const char* kType = "ip";

// Index of the analyzer to use; names(i) is the name of analyzer i.
template <typename Called>
std::optional<std::size_t> choose(std::size_t count, std::string_view wanted, Called is_called) {
  if (!wanted.empty()) {
    for (std::size_t i = 0; i < count; ++i) {
      if (is_called(i, wanted)) return i;
    }
    return {};
  }
  for (const std::string_view name : kPreferred) {
    for (std::size_t i = 0; i < count; ++i) {
      if (is_called(i, name)) return i;
    }
  }
  return count > 0 ? std::optional<std::size_t>(0) : std::nullopt;
}

Status no_analyzer(std::string_view wanted) {
  return Status::error(ExitCode::refused,
                       wanted.empty()
                           ? "no analyzer accepts an ip"
                           : "there is no analyzer for an ip named " + printable(wanted, 60),
                       "enable one in Cortex under Organization, Analyzers");
}

}  // namespace

CanaryCortex::CanaryCortex(const CanaryEndpoints& endpoints, thehive::Client& client)
    : client_(client), connector_(client), error_(endpoints.cortex_error) {
  if (!endpoints.cortex) return;
  http::ClientOptions http;
  profile::set_way(*endpoints.cortex, http);
  http_ = std::make_unique<http::Client>(std::move(http));
  cortex_.emplace(*http_, cortex::Endpoint{endpoints.cortex->url, endpoints.cortex->key});
}

Status CanaryCortex::start(std::string_view observable_id, const std::string& address,
                           std::string_view analyzer, const Deadline& deadline) {
  const auto version = client_.version(deadline);
  if (!version.ok()) return version.status();
  // The canary's observable belongs to an alert.
  const bool cases_only = !version->at_least(5, 1);
  if (cases_only && cortex_) return start_directly(address, analyzer, deadline);
  const auto listed = connector_.analyzers(deadline);
  std::vector<thehive::Analyzer> fitting;
  for (std::size_t i = 0; listed.ok() && i < listed->size(); ++i) {
    if ((*listed)[i].takes(kType)) fitting.push_back((*listed)[i]);
  }
  const auto chosen = choose(fitting.size(), analyzer, [&](std::size_t i, std::string_view name) {
    return fitting[i].is_called(name);
  });
  if (!chosen) {
    // Refused: no Cortex is connected, or TheHive 4 needs a case. Any other error is a broken
    // stage.
    const bool none = listed.ok() || listed.status().code() == ExitCode::refused;
    if (cortex_ && none) return start_directly(address, analyzer, deadline);
    if (!error_.ok()) return error_;
    if (!listed.ok() && !none) return listed.status();
    return listed.ok() && !listed->empty() ? no_analyzer(analyzer) : Status();
  }
  if (cases_only) {
    skip_reason_ = "TheHive " + printable(version->version, 40) +
                   " analyses observables of cases only; configure Cortex for socctl to test it";
    return {};
  }
  const auto job = connector_.run(fitting[*chosen], observable_id, {}, deadline);
  if (!job.ok()) return job.status;
  analyzer_ = printable(fitting[*chosen].name, 60);
  way_ = "through TheHive";
  job_id_ = job->id;
  cortex_job_id_ = job->cortex_job_id;
  return {};
}

Status CanaryCortex::start_directly(const std::string& address, std::string_view wanted,
                                    const Deadline& deadline) {
  auto fitting = cortex_->analyzers(deadline);
  if (!fitting.ok()) return fitting.status();
  std::erase_if(*fitting, [](const cortex::Analyzer& one) { return !one.takes(kType); });
  const auto chosen = choose(fitting->size(), wanted, [&](std::size_t i, std::string_view name) {
    return (*fitting)[i].is_called(name);
  });
  if (!chosen) return no_analyzer(wanted);
  const cortex::Analyzer& analyzer = (*fitting)[*chosen];
  cortex::Question question{kType, address};
  question.message = "socbridge canary";
  question.force = true;  // an answer from the cache would not test anything
  const cortex::Started started = cortex_->run(analyzer.id, question, deadline);
  if (started.verdict != cortex::Started::Verdict::started) return started.status;
  analyzer_ = printable(analyzer.name, 60);
  way_ = "directly";
  cortex_job_id_ = started.job.id;
  return {};
}

Result<CanaryCortex::Seen> CanaryCortex::look(const Deadline& deadline) {
  if (!job_id_.empty()) {
    const auto job = connector_.job(job_id_, deadline);
    if (!job.ok()) return job.status();
    if (!job->cortex_job_id.empty()) cortex_job_id_ = job->cortex_job_id;
    return Seen{job->finished(), job->status == "Success", job_error(job->error)};
  }
  const auto job = cortex_->job(cortex_job_id_, deadline);
  if (!job.ok()) return job.status();
  return Seen{cortex::is_over(job->status), job->status == cortex::JobStatus::success,
              job_error(job->error)};
}

void CanaryCortex::clean_up(const std::function<void(const cortex::Job&)>& deleted,
                            const Deadline& deadline) {
  if (!cortex_ || cortex_job_id_.empty()) return;
  const auto job = cortex_->job(cortex_job_id_, deadline);
  const Status gone = cortex_->remove(cortex_job_id_, deadline);
  if (gone.ok() && job.ok() && cortex::is_over(job->status) && deleted) deleted(*job);
}

}  // namespace socbridge::health
