// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/cortex.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "soc-sandbox/cortex/api_calls.h"
#include "soc-sandbox/cortex/search.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox::cortex {
namespace {

bool holds(const std::vector<std::string>& roles, std::string_view role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Response refuse(int status, std::string type, std::string message) {
  return ApiError{status, std::move(type), std::move(message), {}}.response();
}

}  // namespace

// `role`: what the key must hold; empty: no key is asked for.
struct Cortex::Route {
  const char* method;
  const char* pattern;
  std::string_view role;
  Response (*handler)(Cortex&, const Call&);
};

const std::vector<Cortex::Route>& Cortex::routes() {
  using C = Cortex;
  static const std::vector<Route> kRoutes = {
      {"GET", "api/status", "", [](C& c, const Call&) { return c.status(); }},
      {"GET", "api/health", "",
       [](C&, const Call&) {
         Response todo = json_response(501, "<!DOCTYPE html>\n<html><title>TODO</title></html>\n");
         todo.content_type = "text/html; charset=UTF-8";
         return todo;
       }},
      {"POST", "api/maintenance/migrate", "", [](C& c, const Call& x) { return c.migrate(x); }},
      {"GET", "api/user/current", "any", [](C& c, const Call& x) { return c.user(x); }},
      {"GET", "api/alert", "any", [](C&, const Call&) { return json_response(200, "[]"); }},
      {"GET", "api/analyzer", "read", [](C& c, const Call& x) { return c.list_analyzers(x); }},
      {"POST", "api/analyzer/_search", "read",
       [](C& c, const Call& x) { return c.list_analyzers(x); }},
      {"GET", "api/analyzer/type/{}", "read",
       [](C& c, const Call& x) { return c.analyzers_for(x); }},
      {"POST", "api/analyzer/{}/run", "analyze", [](C& c, const Call& x) { return c.run(x); }},
      {"GET", "api/analyzer/{}", "read", [](C& c, const Call& x) { return c.one_analyzer(x); }},
      {"GET", "api/job", "read", [](C& c, const Call& x) { return c.list_jobs(x); }},
      {"POST", "api/job/_search", "read", [](C& c, const Call& x) { return c.search_jobs(x); }},
      {"POST", "api/job/status", "read", [](C& c, const Call& x) { return c.job_states(x); }},
      {"GET", "api/job/{}/report", "read", [](C& c, const Call& x) { return c.report(x); }},
      {"GET", "api/job/{}/waitreport", "read",
       [](C& c, const Call& x) { return c.wait_report(x); }},
      {"GET", "api/job/{}/artifacts", "read", [](C& c, const Call& x) { return c.artifacts(x); }},
      {"GET", "api/job/{}", "read", [](C& c, const Call& x) { return c.one_job(x); }},
      {"DELETE", "api/job/{}", "analyze", [](C& c, const Call& x) { return c.remove_job(x); }},
  };
  return kRoutes;
}

Cortex::Cortex(Setup setup, std::string key)
    : setup_(std::move(setup)), key_(std::move(key)), migrated_(setup_.migrated), jobs_(setup_) {}

const std::vector<std::string>* Cortex::roles_of(const Request& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (!istarts_with(request.authorization, kScheme)) return nullptr;
  const std::string_view key = trim(std::string_view(request.authorization).substr(kScheme.size()));
  for (const Setup::Key& more : setup_.more_keys) {
    if (more.key == key) return &more.roles;
  }
  return !key.empty() && (key_.empty() || key == key_) ? &setup_.roles : nullptr;
}

const Analyzer* Cortex::analyzer(std::string_view id) const {
  for (const Analyzer& a : setup_.analyzers) {
    if (a.id == id) return &a;
  }
  return nullptr;
}

Response Cortex::handle(const Request& request, const Fault&, const StopSignal& stop) {
  Call call{request, stop, {}, {}, {}};
  const Route* route = nullptr;
  for (const Route& one : routes()) {
    if (request.method == one.method &&
        match_path(one.pattern, request.segments, 0, call.captures)) {
      route = &one;
      break;
    }
  }
  if (route == nullptr) {
    // What is left over of a GET is looked for among the files of the web interface.
    const bool file = request.method == "GET";
    return refuse(404, "NotFound", file ? "Resource not found by Assets controller" : "");
  }
  if (request.too_large) return refuse(413, "Unknown", "Request Entity Too Large");
  const bool open = route->role.empty();
  if (!migrated_ && !open) return json_response(520, "null");
  if (!open) {
    const auto* roles = roles_of(request);
    if (roles == nullptr) return refuse(401, "AuthenticationError", "Authentication failure");
    if (route->role != "any" && !holds(*roles, route->role)) {
      return refuse(403, "AuthorizationError", "Insufficient rights to perform this action");
    }
    call.roles = *roles;
  }
  if (const auto wrong = call.read_body()) return wrong->response();
  return route->handler(*this, call);
}

Response Cortex::injected(const Fault& fault) const {
  switch (fault.status) {
    case 401: return refuse(401, "AuthenticationError", "Authentication failure");
    case 403:
      return refuse(403, "AuthorizationError", "Insufficient rights to perform this action");
    case 404: return refuse(404, "NotFoundError", "worker 0 not found");
    case 429:
      return refuse(429, "RateLimitExceeded",
                    "Rate limit of 4 per Minute reached for the analyzer VirusTotal_GetReport_3_1. "
                    "Job cannot be started");
    case 500: return refuse(500, "NoNodeAvailable", "ElasticSearch cluster is unreachable");
    case 520: return json_response(520, "null");
    default: return refuse(fault.status, "InternalError", "Injected by a fault rule");
  }
}

Response Cortex::status() const {
  return json_response(
      200,
      R"({"versions":{"Cortex":"4.1.0-1","Elastic4Play":"1.13.6","Play":"2.9.6",)"
      R"("Elastic4s":"7.17.4","ElasticSearch client":"7.17.28"},"config":{"protectDownloadsWith":)"
      R"("malware","authType":["local","key"],"capabilities":["authByKey"],"ssoAutoLogin":false}})");
}

Response Cortex::migrate(const Call&) {
  migrated_ = true;
  return no_content();
}

Response Cortex::user(const Call& call) const {
  json::Writer w;
  w.begin_object();
  w.member("id", "socbridge@sandbox.test");
  w.member("_id", "socbridge@sandbox.test");
  w.member("_type", "user");
  w.member("name", "socbridge");
  w.key("roles");
  w.begin_array();
  for (const std::string& role : call.roles) w.value(role);
  w.end_array();
  w.member("status", "Ok");
  w.member("organization", holds(call.roles, "superadmin") ? "cortex" : "sandbox");
  w.member("hasKey", true);
  w.member("hasPassword", false);
  w.key("preferences");
  w.raw("{}");
  w.member("createdBy", "admin");
  w.member("createdAt", std::int64_t{1735689600000});
  w.member("updatedBy", "admin");
  w.member("updatedAt", std::int64_t{1735689600000});
  write_index_members(w, "socbridge@sandbox.test");
  w.end_object();
  return json_response(200, std::move(w).take());
}

Result<std::unique_ptr<Product>> make_cortex(const ProductSettings& settings) {
  Setup setup = default_setup();
  if (!settings.data_file.empty()) {
    const Status read = read_setup(settings.data_file, setup);
    if (!read.ok()) return read;
  }
  std::unique_ptr<Product> made =
      std::make_unique<Cortex>(std::move(setup), std::string(settings.key.reveal()));
  return made;
}

}  // namespace socbridge::sandbox::cortex
