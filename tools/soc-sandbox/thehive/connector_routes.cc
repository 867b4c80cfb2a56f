// SPDX-License-Identifier: Apache-2.0
// TheHive's Cortex connector (docs/protocols/thehive.md, "Cortex connector").
#include <algorithm>

#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/connector.h"

namespace socbridge::sandbox {
namespace {

using Analyzer = CortexLink::Analyzer;

void write_worker(json::Writer& w, const Analyzer& one) {
  w.begin_object();
  w.member("id", one.id);
  w.member("name", one.name);
  w.member("version", one.version);
  w.member("description", one.description);
  w.key("dataTypeList");
  w.begin_array();
  for (const std::string& type : one.data_types) w.value(type);
  w.end_array();
  w.key("cortexIds");
  w.begin_array();
  w.value(CortexLink::kServer);
  w.end_array();
  w.end_object();
}

// `?range=0-10`, the default, or `all`.
std::size_t range_end(const Request& request) {
  constexpr std::size_t kDefault = 10;
  const std::size_t at = request.query.find("range=");
  if (at == std::string::npos) return kDefault;
  const std::string range = request.query.substr(at + 6, request.query.find('&', at) - at - 6);
  if (range == "all") return kNoLimit;
  const std::size_t dash = range.find('-');
  return dash == std::string::npos ? kDefault
                                   : static_cast<std::size_t>(std::atoi(range.c_str() + dash + 1));
}

Response list_analyzers(Context& context) {
  const auto all = context.cortex.analyzers();
  json::Writer w;
  w.begin_array();
  const std::size_t end = std::min(all.size(), range_end(context.request));
  for (std::size_t i = 0; i < end; ++i) write_worker(w, all[i]);
  w.end_array();
  return json_response(200, std::move(w).take());
}

Response analyzers_of_type(Context& context) {
  json::Writer w;
  w.begin_array();
  for (const Analyzer& one : context.cortex.analyzers()) {
    const auto& types = one.data_types;
    if (std::find(types.begin(), types.end(), context.captures[0]) != types.end()) {
      write_worker(w, one);
    }
  }
  w.end_array();
  return json_response(200, std::move(w).take());
}

// By id, then by name, like TheHive.
const Analyzer* find(const std::vector<Analyzer>& all, const std::string& name) {
  for (const Analyzer& one : all) {
    if (one.id == name) return &one;
  }
  for (const Analyzer& one : all) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

Response get_analyzer(Context& context) {
  const auto all = context.cortex.analyzers();
  const Analyzer* one = find(all, context.captures[0]);
  if (one == nullptr) return no_such(context, "Worker", context.captures[0]).response();
  json::Writer w;
  write_worker(w, *one);
  return json_response(200, std::move(w).take());
}

struct JobInput {
  std::string analyzer, cortex, observable;
};

std::optional<ApiError> read_input(const Context& context, const json::Value& body, JobInput& out) {
  Fields fields(body, context.version);
  out.analyzer = fields.required_text("analyzerId", 1, 128);
  out.cortex = fields.text("cortexId", 0, 128).value_or("");
  out.observable = fields.required_text("artifactId", 1, 128);
  if (!fields.ok()) return fields.error();
  return std::nullopt;
}

// Version 4 parses any answer of Cortex as a job, which fails for a refusal.
ApiError unreadable_job(const CortexLink::Started& started) {
  return {500,
          "play.api.libs.json.JsResultException",
          "JsResultException(errors:List((/workerId,List(JsonValidationError(List(error.path."
          "missing),ArraySeq())))): " +
              (started.refusal.empty() ? started.error : started.refusal),
          {}};
}

// Version 5 answers 201 for any analyzer or server; the job fails later (docs/protocols/thehive.md,
// "Cortex connector").
Response start(Context& context, const JobInput& input) {
  std::optional<Observable> observable;
  int pap = 2;
  context.store.read([&](const Tables& tables) {
    const Observable* found = tables.observable(parse_id(input.observable));
    if (found != nullptr) {
      observable = *found;
      const Case* owner = tables.find_case(found->parent.case_id);
      pap = owner != nullptr ? owner->pap : found->pap;
    }
    return 0;
  });
  const bool in_case = observable && observable->parent.case_id != 0;
  const bool old = context.version < Version{5, 1, 0};
  if (!observable || (old && !in_case))
    return no_such(context, "Observable", input.observable).response();

  Job job;
  job.observable = observable->id;
  job.created = job.start = wall_now_ms();
  job.analyzer_id = job.analyzer_name = job.definition = input.analyzer;
  job.cortex_id = input.cortex.empty() ? CortexLink::kServer : input.cortex;
  job.status = "InProgress";
  std::string error;
  const auto all = context.cortex.analyzers();
  const Analyzer* analyzer = find(all, input.analyzer);
  if (job.cortex_id != CortexLink::kServer || !context.cortex.connected()) {
    error = "Cortex " + job.cortex_id + " not found";
  } else if (analyzer == nullptr) {
    error = "Worker " + input.analyzer + " not found";
  } else {
    job.analyzer_id = analyzer->id;
    job.analyzer_name = analyzer->name;
    job.definition = analyzer->definition.empty() ? analyzer->name : analyzer->definition;
    const CortexLink::Started started = context.cortex.run(*analyzer, *observable, pap);
    error = started.error;
    job.cortex_job_id = started.cortex_job_id;
    if (!error.empty() && context.version.v4()) return unreadable_job(started).response();
  }
  if (!error.empty()) {
    if (context.version.v4()) return not_found(error).response();
    job.status = "Failure";
    job.end = job.start;
    job.report = "{\"success\":false,\"errorMessage\":" + json::quote(error) + "}";
  }
  return context.store.write([&](Tables& tables) {
    const Id id = tables.put(std::move(job));
    return json_response(201, view_text(context.view(tables), *tables.job(id)));
  });
}

Response post_job(Context& context) {
  JobInput input;
  if (const auto wrong = read_input(context, context.json(), input)) return wrong->response();
  return start(context, input);
}

Response post_jobs(Context& context) {
  const json::Value jobs = context.json()["jobs"];
  if (!jobs.is_array()) return bad_request("Invalid input: jobs must be an array").response();
  std::vector<JobInput> inputs(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (const auto wrong = read_input(context, jobs.at(i), inputs[i])) return wrong->response();
  }
  json::Writer w;
  w.begin_array();
  for (const JobInput& input : inputs) {
    const Response one = start(context, input);
    if (one.status != 201) return one;
    w.raw(one.body);
  }
  w.end_array();
  return json_response(201, std::move(w).take());
}

Response get_job(Context& context) {
  refresh_jobs(context);
  return context.store.read([&](const Tables& tables) {
    const Job* job = tables.job(parse_id(context.captures[0]));
    if (job == nullptr) return no_such(context, "Job", context.captures[0]).response();
    return json_response(200, view_text(context.view(tables), *job));
  });
}

#define SOCBRIDGE_CONNECTOR(prefix, version)                                                    \
  {"GET", prefix "/analyzer", list_analyzers, Access::key, Body::none, version},                \
      {"GET", prefix "/analyzer/type/{}", analyzers_of_type, Access::key, Body::none, version}, \
      {"GET", prefix "/analyzer/{}", get_analyzer, Access::key, Body::none, version},           \
      {"POST", prefix "/job", post_job, Access::key, Body::json, version}, {                    \
    "GET", prefix "/job/{}", get_job, Access::key, Body::none, version                          \
  }

constexpr Route kRoutes[] = {
    SOCBRIDGE_CONNECTOR("api/connector/cortex", 0),
    SOCBRIDGE_CONNECTOR("api/v1/connector/cortex", 5),
    {"POST", "api/v1/connector/cortex/job/_bulk", post_jobs, Access::key, Body::json, 5},
};

#undef SOCBRIDGE_CONNECTOR

}  // namespace

void refresh_jobs(Context& context) {
  if (!context.cortex.connected()) return;
  std::vector<Id> ids;
  std::vector<std::string> cortex_ids, states;
  context.store.read([&](const Tables& tables) {
    for (const Id id : tables.running_jobs()) {
      ids.push_back(id);
      cortex_ids.push_back(tables.job(id)->cortex_job_id);
    }
    return 0;
  });
  if (ids.empty() || !context.cortex.states(cortex_ids, states)) return;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (states[i] == "Waiting" || states[i] == "InProgress" || states[i].empty()) continue;
    CortexLink::Report report;
    if (!context.cortex.report(cortex_ids[i], report)) continue;
    if (report.status == "Waiting" || report.status == "InProgress") continue;
    context.store.write([&](Tables& tables) {
      const Job* found = tables.job(ids[i]);
      if (found == nullptr || found->status != "InProgress") return 0;
      Job job = *found;
      job.status = report.status;
      job.report = report.report_json;
      job.taxonomies = report.taxonomies_json;
      job.end = job.updated = wall_now_ms();
      tables.put(std::move(job));
      return 0;
    });
  }
}

std::span<const Route> connector_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
