// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/cortex.h"

#include <algorithm>

#include "base/text.h"
#include "soc-sandbox/cortex/api_calls.h"
#include "soc-sandbox/cortex/search.h"
#include "soc-sandbox/server/pattern.h"

namespace socbridge::sandbox::cortex {
namespace {

constexpr std::string_view kAdmins = "orgadmin|superadmin";

bool may(const Actor& actor, std::string_view roles) {
  if (roles == "any") return true;
  for (const std::string_view role : split(roles, '|')) {
    if (actor.has(role)) return true;
  }
  return false;
}

Response refuse(int status, std::string type, std::string message) {
  return ApiError{status, std::move(type), std::move(message), {}}.response();
}

}  // namespace

// `role`: roles of which the key needs one, separated by `|`; empty: no key is needed.
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
      {"POST", "api/user", kAdmins, [](C& c, const Call& x) { return c.add_user(x); }},
      {"GET", "api/user/{}", "read|superadmin", [](C& c, const Call& x) { return c.get_user(x); }},
      {"PATCH", "api/user/{}", "any", [](C& c, const Call& x) { return c.change_user(x); }},
      {"DELETE", "api/user/{}", kAdmins, [](C& c, const Call& x) { return c.lock_user(x); }},
      {"GET", "api/user/{}/key", "any", [](C& c, const Call& x) { return c.user_key(x); }},
      {"DELETE", "api/user/{}/key", kAdmins, [](C& c, const Call& x) { return c.user_key(x); }},
      {"POST", "api/user/{}/key/renew", "any", [](C& c, const Call& x) { return c.user_key(x); }},
      {"POST", "api/organization", "superadmin",
       [](C& c, const Call& x) { return c.add_organisation(x); }},
      {"GET", "api/organization/{}", kAdmins,
       [](C& c, const Call& x) { return c.organisation(x); }},
      {"DELETE", "api/organization/{}", "superadmin",
       [](C& c, const Call& x) { return c.organisation(x); }},
      {"GET", "api/analyzerdefinition", kAdmins, [](C& c, const Call&) { return c.definitions(); }},
      {"POST", "api/organization/analyzer/{}", "orgadmin",
       [](C& c, const Call& x) { return c.enable(x); }},
      {"PATCH", "api/analyzer/{}", "orgadmin",
       [](C& c, const Call& x) { return c.change_analyzer(x); }},
      {"DELETE", "api/analyzer/{}", kAdmins, [](C& c, const Call& x) { return c.disable(x); }},
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
    : setup_(std::move(setup)),
      migrated_(setup_.migrated),
      accounts_(setup_, std::move(key)),
      workers_(setup_),
      jobs_(setup_) {}

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
    // Any other GET is looked up among the files of the web interface.
    const bool file = request.method == "GET";
    return refuse(404, "NotFound", file ? "Resource not found by Assets controller" : "");
  }
  if (request.too_large) return refuse(413, "Unknown", "Request Entity Too Large");
  const bool open = route->role.empty();
  if (!migrated_ && !open) return json_response(520, "null");
  if (!open) {
    auto actor = accounts_.actor(request.authorization);
    if (!actor) return refuse(401, "AuthenticationError", "Authentication failure");
    if (!may(*actor, route->role)) {
      return refuse(403, "AuthorizationError", "Insufficient rights to perform this action");
    }
    call.actor = std::move(*actor);
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

// Until there is a user, the requesting user does not exist.
Response Cortex::user(const Call& call) const {
  const auto account = accounts_.find(call.actor.login);
  if (!account) return refuse(404, "NotFoundError", "user " + call.actor.login + " not found");
  std::string body = account->json();
  body.pop_back();
  return json_response(
      200, body + R"(,"preferences":{},"updatedBy":"admin","updatedAt":1735689600000})");
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
