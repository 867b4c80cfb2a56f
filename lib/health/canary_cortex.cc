#include "health/canary_cortex.h"

#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "health/job_trouble.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

// From what costs nothing to what has a quota (Cortex facts 9).
constexpr std::array<std::string_view, 4> kPreferred = {"MaxMind_GeoIP", "URLhaus", "AbuseIPDB",
                                                        "VirusTotal_GetReport"};
constexpr const char* kType = "ip";

// Index of the analyzer to take; names(i) is how number i is called.
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
                       wanted.empty() ? "no analyzer takes an ip"
                                      : "no analyzer for an ip is called " + printable(wanted, 60),
                       "enable one in Cortex under Organization, Analyzers");
}

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

bool holds(json::Value list, std::string_view wanted) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).string() == wanted) return true;
  }
  return false;
}

}  // namespace

CanaryCortex::CanaryCortex(Env& env, const Options& options, thehive::Client& client)
    : connector_(client) {
  auto found = profile::find(env, "cortex", options.flags, options.surroundings);
  if (found.ok()) {
    endpoint_ = std::move(*found);
  } else {
    trouble_ = found.status();
  }
}

std::optional<http::Service> CanaryCortex::service() {
  if (!endpoint_) return {};
  if (!http_) {
    http::ClientOptions options;
    options.tls.ca_file = endpoint_->ca_file;
    http_ = std::make_unique<http::Client>(std::move(options));
  }
  return http::Service(*http_, {"Cortex", endpoint_->url, endpoint_->user, endpoint_->key});
}

Status CanaryCortex::start(std::string_view observable_id, const std::string& address,
                           std::string_view analyzer, const Deadline& deadline) {
  const auto listed = connector_.analyzers(deadline);
  std::vector<thehive::Analyzer> fitting;
  for (std::size_t i = 0; listed.ok() && i < listed->size(); ++i) {
    if ((*listed)[i].takes(kType)) fitting.push_back((*listed)[i]);
  }
  const auto chosen = choose(fitting.size(), analyzer, [&](std::size_t i, std::string_view name) {
    return fitting[i].is_called(name);
  });
  if (!chosen) {
    // Refused: no Cortex is connected, or TheHive 4 wants a case. Anything else is a broken hop.
    const bool none = listed.ok() || listed.status().code() == ExitCode::refused;
    if (endpoint_ && none) return start_directly(address, analyzer, deadline);
    if (!trouble_.ok()) return trouble_;
    if (!listed.ok() && !none) return listed.status();
    return listed.ok() && !listed->empty() ? no_analyzer(analyzer) : Status();
  }
  const auto job = connector_.run(fitting[*chosen], observable_id, {}, deadline);
  if (!job.ok()) return job.status();
  analyzer_ = printable(fitting[*chosen].name, 60);
  way_ = "through TheHive";
  job_id_ = job->id;
  cortex_job_id_ = job->cortex_job_id;
  return {};
}

Status CanaryCortex::start_directly(const std::string& address, std::string_view wanted,
                                    const Deadline& deadline) {
  auto cortex = service();
  const auto list = cortex->get("/api/analyzer?range=all", deadline);
  if (!list.ok()) return list.status();
  std::vector<json::Value> fitting;
  for (std::size_t i = 0; i < list->root().size(); ++i) {
    if (holds(list->root().at(i)["dataTypeList"], kType)) fitting.push_back(list->root().at(i));
  }
  const auto chosen = choose(fitting.size(), wanted, [&](std::size_t i, std::string_view name) {
    return istarts_with(text_of(fitting[i]["analyzerDefinitionId"]), name) ||
           istarts_with(text_of(fitting[i]["name"]), name);
  });
  if (!chosen) return no_analyzer(wanted);
  json::Writer w;
  w.begin_object();
  w.member("data", address);
  w.member("dataType", kType);
  w.member("tlp", 2);
  w.member("pap", 2);
  w.member("message", "socbridge canary");
  w.end_object();
  const auto job =
      cortex->post("/api/analyzer/" + http::url_encode(text_of(fitting[*chosen]["id"])) + "/run",
                   std::move(w).take(), deadline);
  if (!job.ok()) return job.status();
  analyzer_ = printable(text_of(fitting[*chosen]["name"]), 60);
  way_ = "directly";
  cortex_job_id_ = text_of(job->root()["id"]);
  return {};
}

Result<CanaryCortex::Seen> CanaryCortex::look(const Deadline& deadline) {
  if (!job_id_.empty()) {
    const auto job = connector_.job(job_id_, deadline);
    if (!job.ok()) return job.status();
    if (!job->cortex_job_id.empty()) cortex_job_id_ = job->cortex_job_id;
    return Seen{job->finished(), job->status == "Success", job_trouble(job->error)};
  }
  auto cortex = service();
  const auto job = cortex->get("/api/job/" + http::url_encode(cortex_job_id_), deadline);
  if (!job.ok()) return job.status();
  const std::string status = text_of(job->root()["status"]);
  return Seen{status != "Waiting" && status != "InProgress", status == "Success",
              job_trouble(text_of(job->root()["errorMessage"]))};
}

void CanaryCortex::clean_up(const Deadline& deadline) {
  auto cortex = service();
  if (!cortex || cortex_job_id_.empty()) return;
  static_cast<void>(
      cortex->send("DELETE", "/api/job/" + http::url_encode(cortex_job_id_), {}, deadline));
}

}  // namespace socbridge::health
