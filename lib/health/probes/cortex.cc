#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "health/job_trouble.h"
#include "health/lists.h"
#include "health/registry.h"

namespace socbridge::health {
namespace {

// The analyzers of the SOC by definition without version (Cortex facts 9), and the types that must
// have at least one.
constexpr std::array<std::string_view, 5> kAnalyzers = {"VirusTotal_GetReport", "AbuseIPDB",
                                                        "URLhaus", "MaxMind_GeoIP", "FileInfo"};
constexpr std::array<std::string_view, 5> kDataTypes = {"ip", "domain", "url", "hash", "file"};
constexpr int kNotMigrated = 520;
constexpr std::int64_t kStuckMs = 3600000;

std::string text_of(json::Value value) { return value.scalar_text().value_or(""); }

bool holds(json::Value list, std::string_view wanted) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).string() == wanted) return true;
  }
  return false;
}

bool look_at_key(Probe& probe, http::Service& service) {
  const http::Outcome outcome = service.send("GET", "/api/user/current", {}, probe.deadline());
  if (outcome.answered() && outcome.response.status == kNotMigrated) {
    probe.add("key", State::down, Cause::trouble, "its index is not there yet (HTTP 520)",
              "open Cortex in a browser and press Update Database");
    return false;
  }
  const auto user = service.read(outcome);
  if (!user.ok()) {
    probe.fail("key", user.status());
    return false;
  }
  const json::Value root = user->root();
  const std::string who = text_of(root["id"]) + " of " + text_of(root["organization"]);
  if (text_of(root["status"]) == "Locked") {
    probe.add("key", State::down, Cause::auth, who + " is locked", "unlock the user");
    return false;
  }
  if (!holds(root["roles"], "read") || !holds(root["roles"], "analyze")) {
    const bool super = holds(root["roles"], "superadmin");
    probe.add("key", State::down, Cause::auth,
              who + " may not run analyzers" +
                  (super ? ": a superadmin belongs to no organisation that has any" : ""),
              "use a user of the organisation with the roles read and analyze");
    return !super;
  }
  probe.ok("key", who);
  return true;
}

bool is_called(json::Value analyzer, std::string_view wanted) {
  for (const char* member : {"analyzerDefinitionId", "workerDefinitionId", "name"}) {
    const std::string name = text_of(analyzer[member]);
    if (!istarts_with(name, wanted)) continue;
    const std::string_view rest = std::string_view(name).substr(wanted.size());
    // What follows may be the version alone: `_3_1`.
    if (rest.find_first_not_of("_.0123456789") == std::string_view::npos) return true;
  }
  return false;
}

void look_at_analyzers(Probe& probe, http::Service& service) {
  const auto answer = service.get("/api/analyzer?range=all", probe.deadline());
  if (!answer.ok()) {
    probe.fail("analyzers", answer.status(), State::unknown);
    return;
  }
  const json::Value list = answer->root();
  if (!list.is_array()) {
    probe.add("analyzers", State::unknown, Cause::refused,
              "the list of analyzers is no JSON array");
    return;
  }
  FewNames missing, unserved;
  const auto any = [&](const auto& wanted) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (wanted(list.at(i))) return true;
    }
    return false;
  };
  for (const std::string_view name : kAnalyzers) {
    if (!any([&](json::Value one) { return is_called(one, name); })) missing.add(name);
  }
  for (const std::string_view type : kDataTypes) {
    if (!any([&](json::Value one) { return holds(one["dataTypeList"], type); })) unserved.add(type);
  }
  if (missing.count() == 0) {
    probe.ok("analyzers", counted(list.size(), "analyzer", "analyzers") + " enabled");
  } else {
    probe.add("analyzers", State::degraded, Cause::missing, "not enabled: " + missing.text(),
              "enable and configure them in Cortex under Organization, Analyzers");
  }
  if (unserved.count() == 0) {
    probe.ok("data types", "ip, domain, url, hash and file have an analyzer each");
  } else {
    probe.add("data types", State::degraded, Cause::missing, "no analyzer takes " + unserved.text(),
              "enable one that does");
  }
}

void look_at_jobs(Probe& probe, http::Service& service) {
  const auto answer =
      service.post("/api/job/_search?range=0-1&sort=-createdAt",
                   R"({"query":{},"range":"0-1","sort":["-createdAt"]})", probe.deadline());
  if (!answer.ok()) {
    probe.fail("last job", answer.status(), State::unknown);
    return;
  }
  const json::Value job = answer->root().at(0);
  if (!job.is_object()) {
    probe.ok("last job", "none yet");
    return;
  }
  const std::string status = text_of(job["status"]);
  const std::int64_t age = std::max<std::int64_t>(
      probe.now_ms() - job["createdAt"].integer().value_or(job["date"].integer().value_or(0)), 0);
  const std::string what = text_of(job["analyzerName"]) + " " + human_duration(age) + " ago: ";
  const bool running = status == "Waiting" || status == "InProgress";
  if (status == "Failure") {
    probe.add("last job", State::degraded, Cause::trouble,
              what + "failed; " + job_trouble(text_of(job["errorMessage"])),
              "run socctl cortex doctor");
  } else if (running && age > kStuckMs) {
    probe.add("last job", State::degraded, Cause::stale, what + "still " + status,
              "jobs that a restart of Cortex cut off stay so for ever; look at its runner");
  } else {
    probe.ok("last job", what + status);
  }
}

}  // namespace

void probe_cortex(Probe& probe) {
  http::Service service = probe.service();
  const auto status = service.get("/api/status", probe.deadline());
  if (!status.ok()) {
    probe.fail("answer", status.status());
    return;
  }
  const std::string version = text_of(status->root()["versions"]["Cortex"]);
  if (version.empty()) {
    probe.add("answer", State::down, Cause::refused, "/api/status names no version of Cortex");
    return;
  }
  probe.answered(service.first_ms());
  probe.version(version);
  if (version.front() < '3') {
    probe.add("version", State::degraded, Cause::version, "version " + version + " is too old",
              "use Cortex 3.1 or later");
  }
  if (!look_at_key(probe, service)) return;
  look_at_analyzers(probe, service);
  look_at_jobs(probe, service);
}

}  // namespace socbridge::health
