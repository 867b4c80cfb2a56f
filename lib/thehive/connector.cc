// SPDX-License-Identifier: Apache-2.0
#include "thehive/connector.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/answer.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

// The second is the only one before 5.5. It works in all versions, but is deprecated
// (docs/protocols/thehive.md, "Version differences").
constexpr const char* kPrefix = "/api/v1/connector/cortex";
constexpr const char* kOldPrefix = "/api/connector/cortex";
constexpr const char* kListing =
    "/analyzer?range=all";  // without the range Cortex returns the first ten

Analyzer read_analyzer(const json::Value& v) {
  return {v["id"].text(),
          v["name"].text(),
          v["version"].text(),
          v["description"].text(),
          text_list(v["dataTypeList"]),
          text_list(v["cortexIds"])};
}

// The value as JSON without the members named `input`, of the job and of its report. When a runner
// fails, Cortex puts the whole configuration there, including keys (docs/protocols/cortex.md,
// "Jobs").
std::string without_input(const json::Value& value, int depth) {
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string_view name = value.key_at(i);
    if (name == "input") continue;
    const json::Value member = value.value_at(i);
    w.key(name);
    w.raw(depth > 0 && name == "report" && member.is_object() ? without_input(member, depth - 1)
                                                              : member.dump());
  }
  w.end_object();
  return std::move(w).take();
}

std::string definition_without_version(std::string_view name) {
  // VirusTotal_GetReport_3_1: the numbers at the end are the version.
  std::size_t end = name.size();
  while (true) {
    const std::size_t bar = name.rfind('_', end == 0 ? 0 : end - 1);
    if (bar == std::string_view::npos || bar + 1 == end) break;
    const std::string_view part = name.substr(bar + 1, end - bar - 1);
    if (!std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; })) break;
    end = bar;
  }
  return std::string(name.substr(0, end));
}

struct ConnectorState {
  bool enabled = false;
  std::string servers;  // "cortex0: ERROR"
  bool auth_error = false;
};

ConnectorState read_state(const json::Value& cortex) {
  ConnectorState out;
  out.enabled = cortex["enabled"].boolean().value_or(cortex["servers"].size() > 0);
  const json::Value servers = cortex["servers"];
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const json::Value server = servers.at(i);
    const std::string status = server["status"].text();
    if (status == "OK") continue;
    out.auth_error = out.auth_error || status == "AUTH_ERROR";
    if (!out.servers.empty()) out.servers += ", ";
    out.servers += printable(server["name"].text(), 40) + ": " + printable(status, 40);
  }
  const std::string overall = cortex["status"].text();
  if (out.servers.empty() && overall != "OK" && !overall.empty()) {
    out.servers = printable(overall, 40);
  }
  return out;
}

// TheHive 4 cannot parse a refusal of Cortex as a job. It answers 500 JsResultException with
// Cortex's answer in the text. Other analyzers may still work.
bool is_unreadable_answer(const http::Outcome& outcome) {
  constexpr int kInternal = 500;
  return outcome.answered() && outcome.response.status == kInternal &&
         read_error(outcome.response).type.find("JsResultException") != std::string::npos;
}

// An error of TheHive itself, not of a proxy before it.
bool is_own_error(const http::Outcome& outcome) {
  constexpr int kInternal = 500;
  return outcome.answered() && outcome.response.status == kInternal &&
         read_error(outcome.response).is_own;
}

// The unit of the rate limit, if Cortex refused because of one.
std::optional<std::string> limited(const http::Outcome& outcome) {
  constexpr int kTooMany = 429;
  if (!outcome.answered()) return std::nullopt;
  if (outcome.response.status != kTooMany && !is_unreadable_answer(outcome)) return std::nullopt;
  return rate_limit_unit(outcome.response.body);
}

// Version 5 answers 201 and reports the failure in the job.
Started read_started(const std::string& what, const json::Value& answer) {
  using TransferResult = Started::Verdict;
  Job job = read_job(answer);
  if (job.id.empty()) {
    return {TransferResult::refused,
            {},
            {},
            Status::error(ExitCode::refused, what + ": the answer has no job")};
  }
  if (const auto unit = rate_limit_unit(job.error); unit && job.status == "Failure") {
    return {TransferResult::rate_limit,
            {},
            *unit,
            Status::error(ExitCode::refused, what + ": " + job.error)};
  }
  return {TransferResult::started, std::move(job), {}, {}};
}

}  // namespace

bool Analyzer::takes(std::string_view data_type) const {
  return std::any_of(data_types.begin(), data_types.end(),
                     [&](const std::string& one) { return iequals(one, data_type); });
}

bool Analyzer::is_called(std::string_view wanted) const {
  return iequals(name, wanted) || iequals(id, wanted) ||
         iequals(definition_without_version(name), wanted);
}

bool Job::of(const Analyzer& analyzer) const {
  return analyzer_id == analyzer.id || iequals(analyzer_name, analyzer.name) ||
         iequals(analyzer_definition, analyzer.name);
}

Job read_job(const json::Value& v) {
  Job out;
  out.id = v["_id"].text();
  if (out.id.empty()) out.id = v["id"].text();
  out.analyzer_id = v["analyzerId"].text();
  out.analyzer_name = v["analyzerName"].text();
  out.analyzer_definition = v["analyzerDefinition"].text();
  out.cortex_id = v["cortexId"].text();
  out.cortex_job_id = v["cortexJobId"].text();
  out.status = v["status"].text();
  out.start_ms = time_field(v["startDate"]);
  out.end_ms = time_field(v["endDate"]);
  const json::Value observable = v["case_artifact"];
  out.observable_id = observable["_id"].text();
  out.data_type = observable["dataType"].text();
  out.data = observable["data"].text();
  out.error = printable(v["report"]["errorMessage"].string_or_empty(), 300);
  out.json = without_input(v, 1);
  return out;
}

Result<std::string> Connector::prefix(const Deadline& deadline) {
  if (!prefix_.empty()) return prefix_;
  const auto listed = analyzers(deadline);
  if (!listed.ok()) return listed.status();
  return prefix_;
}

Result<std::vector<Analyzer>> Connector::analyzers(const Deadline& deadline) {
  const std::string what = "listing Cortex's analyzers";
  std::string used = prefix_.empty() ? kPrefix : prefix_;
  http::Outcome outcome = client_.perform("GET", used + kListing, {}, deadline);
  if (prefix_.empty() && outcome.answered() && outcome.response.status == 404) {
    used = kOldPrefix;
    outcome = client_.perform("GET", used + kListing, {}, deadline);
  }
  const auto answer = accepted(what, outcome);
  if (!answer.ok()) {
    if (outcome.answered() && outcome.response.status == 404) {
      return Status::error(ExitCode::refused, answer.status().message(),
                           "TheHive's Cortex connector is off; enable it");
    }
    return answer.status();
  }
  const json::Value list = answer->root();
  if (!list.is_array()) {
    return Status::error(ExitCode::refused, what + ": the answer is not a list",
                         "check that the URL is TheHive's own");
  }
  prefix_ = used;
  std::vector<Analyzer> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(read_analyzer(list.at(i)));
  if (out.empty()) return why_empty(deadline);
  return out;
}

Result<json::Document> Connector::status(const Deadline& deadline) {
  const auto version = client_.version(deadline);
  if (!version.ok()) return version.status();
  return client_.get(version->api == ApiVersion::v4 ? "/api/status" : "/api/v1/status", deadline);
}

Result<std::string> Connector::servers_in_doubt(const std::vector<Analyzer>& listed,
                                                const Deadline& deadline) {
  const auto answer = status(deadline);
  if (!answer.ok()) return answer.status();
  const json::Value servers = answer->root()["connectors"]["cortex"]["servers"];
  std::string out;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::string name = servers.at(i)["name"].text();
    const std::string state = servers.at(i)["status"].text();
    const bool has_any = std::any_of(listed.begin(), listed.end(), [&](const Analyzer& one) {
      return std::find(one.cortex_ids.begin(), one.cortex_ids.end(), name) != one.cortex_ids.end();
    });
    if (state == "OK" && has_any) continue;
    out += (out.empty() ? "" : ", ") + printable(name, 40) + ": " +
           (state == "OK" ? "no analyzers" : printable(state, 40));
  }
  return out;
}

Status Connector::why_empty(const Deadline& deadline) {
  const auto answer = status(deadline);
  if (!answer.ok()) return answer.status();
  const json::Value cortex = answer->root()["connectors"]["cortex"];
  const ConnectorState state = read_state(cortex);
  if (!state.enabled) {
    return Status::error(ExitCode::refused, "TheHive has no Cortex server",
                         "add one under Platform management, Connectors (version 4: "
                         "application.conf)");
  }
  if (state.servers.empty()) {
    return Status::error(
        ExitCode::unreachable, "TheHive lists no analyzers, but its last check of Cortex was OK",
        "it checks once a minute: if Cortex is down now, try again later; else enable "
        "analyzers in Cortex");
  }
  return Status::error(
      state.auth_error ? ExitCode::auth : ExitCode::unreachable,
      "TheHive lists no analyzers; it reports of its Cortex servers: " + state.servers,
      state.auth_error ? "check the Cortex key that TheHive holds" : "see socctl cortex status");
}

std::optional<std::string> rate_limit_unit(std::string_view text) {
  constexpr std::string_view kLimit = "Rate limit of ", kPer = " per ";
  const std::size_t limit = text.find(kLimit);
  if (limit == std::string_view::npos) {
    if (text.find("RateLimitExceeded") == std::string_view::npos) return std::nullopt;
    return std::string();
  }
  const std::string_view rest = text.substr(limit + kLimit.size());
  const std::size_t per = rest.find(kPer);
  if (per == std::string_view::npos) return std::string();
  const std::string_view unit = rest.substr(per + kPer.size());
  return std::string(unit.substr(0, unit.find_first_of(" \"\\")));
}

Started Connector::run(const Analyzer& analyzer, std::string_view observable_id,
                       const std::vector<Job>& before, const Deadline& deadline) {
  using TransferResult = Started::Verdict;
  const auto base = prefix(deadline);
  if (!base.ok()) return {TransferResult::stopped, {}, {}, base.status()};
  const std::string what =
      "starting " + printable(analyzer.name, 80) + " on observable " + printable(observable_id, 60);
  json::Writer w;
  w.begin_object();
  w.member("analyzerId", analyzer.id);
  w.member("cortexId", analyzer.cortex_ids.empty() ? std::string() : analyzer.cortex_ids.front());
  w.member("artifactId", observable_id);
  w.end_object();
  const http::Outcome outcome = client_.perform("POST", *base + "/job", w.text(), deadline);
  const auto answer = accepted(what, outcome);
  if (answer.ok()) return read_started(what, answer->root());
  if (const auto unit = limited(outcome)) {
    return {TransferResult::rate_limit, {}, *unit, answer.status()};
  }
  const bool own_error = is_own_error(outcome);
  if (outcome.ambiguous() || own_error) {
    const auto jobs = jobs_of(observable_id, deadline);
    if (jobs.ok()) {
      for (const Job& job : *jobs) {
        const bool is_new = std::none_of(before.begin(), before.end(),
                                         [&](const Job& old) { return old.id == job.id; });
        if (is_new && job.of(analyzer)) return {TransferResult::started, job, {}, {}};
      }
    }
  }
  TransferResult verdict = own_error ? TransferResult::server_error : TransferResult::stopped;
  if (answer.status().code() == ExitCode::refused || is_unreadable_answer(outcome)) {
    verdict = TransferResult::refused;
  }
  return {verdict, {}, {}, answer.status()};
}

Result<Job> Connector::job(std::string_view id, const Deadline& deadline) {
  const auto base = prefix(deadline);
  if (!base.ok()) return base.status();
  const auto answer = client_.send("reading job " + printable(id, 60), "GET",
                                   *base + "/job/" + http::url_encode(id), {}, deadline);
  if (!answer.ok()) return answer.status();
  return read_job(answer->root());
}

Result<std::vector<Job>> Connector::jobs_of(std::string_view observable_id,
                                            const Deadline& deadline) {
  std::vector<Job> out;
  const Status listed = for_each(
      client_, {"socctl-jobs", Query(Subject::observable(std::string(observable_id))).to("jobs")},
      [&](json::Value one) {
        out.push_back(read_job(one));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  std::stable_sort(out.begin(), out.end(),
                   [](const Job& a, const Job& b) { return a.start_ms < b.start_ms; });
  return out;
}

}  // namespace socbridge::thehive
