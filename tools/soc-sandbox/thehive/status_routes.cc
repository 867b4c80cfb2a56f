// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/context.h"

namespace socbridge::sandbox {
namespace {

constexpr UnixMillis kDay = 86400000;

std::string version_text(const Version& v) {
  return std::to_string(v.major) + "." + std::to_string(v.minor) + "." + std::to_string(v.patch) +
         "-1";
}

void write_license(json::Writer& w, bool current_form) {
  const UnixMillis now = wall_now_ms();
  constexpr int kValidDays = 365;
  w.begin_object();
  if (current_form) {
    w.member("_id", "~64");
    w.member("_type", "license");
    w.member("_createdAt", now - kDay);
    w.member("_createdBy", kUserLogin);
    w.member("current", true);
  } else {
    w.member("instance", "sandbox");
    w.member("isValid", true);
  }
  w.member("id", "sandbox");
  w.member("customer", "sandbox");
  w.member("plan", "Platinum");
  w.member("kind", "sandbox");
  w.member("validFrom", now - kDay);
  w.member("expiresAt", now + kValidDays * kDay);
  w.key("capabilities");
  w.begin_array();
  w.end_array();
  w.key("quotas");
  w.begin_object();
  w.end_object();
  w.end_object();
}

void write_connectors(json::Writer& w, const Context& context) {
  w.key("connectors");
  w.begin_object();
  w.key("cortex");
  w.raw(context.cortex.status_json());
  w.end_object();
}

Response public_status(Context& context) {
  json::Writer w;
  w.begin_object();
  w.member("version", version_text(context.version));
  w.member("sso", false);
  w.key("imports");
  w.raw(R"({"mitreCatalog":true})");
  w.end_object();
  return json_response(200, std::move(w).take());
}

void write_versions(json::Writer& w, const Context& context) {
  w.key("versions");
  w.begin_object();
  w.member("Scalligraph", "SNAPSHOT");
  w.member("TheHive", version_text(context.version));
  w.member("Play", "2.8.22");
  w.end_object();
}

constexpr std::string_view kConfigV4 =
    R"("protectDownloadsWith":"malware","authType":["session","basic","local","key"],)"
    R"("capabilities":["changePassword","setPassword","authByKey","mfa"],"ssoAutoLogin":false,)"
    R"("pollingDuration":1000)";
constexpr std::string_view kSchemaV4 =
    R"([{"name":"thehive","currentVersion":99,"expectedVersion":99,"error":null},)"
    R"({"name":"thehive-cortex","currentVersion":2,"expectedVersion":2,"error":null}])";

Response old_status(Context& context) {
  json::Writer w;
  w.begin_object();
  write_versions(w, context);
  write_connectors(w, context);
  if (context.version.v4()) {
    w.key("config");
    w.raw("{" + std::string(kConfigV4) + R"(,"freeTagDefaultColour":"#000000"})");
    w.key("schemaStatus");
    w.raw(kSchemaV4);
  } else {
    w.key("health");
    w.raw(R"({"elasticsearch":"UNKNOWN"})");
    w.key("config");
    w.raw(R"({"capabilities":["changePassword","setPassword","authByKey"]})");
    w.key("schemaStatus");
    w.raw("[]");
  }
  w.end_object();
  return json_response(200, std::move(w).take());
}

// For version 4, which does not list the connectors here.
Response full_status_v4(Context& context) {
  json::Writer w;
  w.begin_object();
  write_versions(w, context);
  w.key("connectors");
  w.raw("{}");
  w.key("config");
  w.raw("{" + std::string(kConfigV4) + "}");
  w.key("cluster");
  w.raw(R"({"members":[{"address":"akka://application@127.0.0.1:1","status":"Up",)"
        R"("roles":["dc-default"]}],"unreachable":[],)"
        R"("seenBy":["akka://application@127.0.0.1:1"],)"
        R"("leader":"akka://application@127.0.0.1:1","unreachableDataCenters":[]})");
  w.key("schemaStatus");
  w.raw(kSchemaV4);
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response full_status(Context& context) {
  json::Writer w;
  w.begin_object();
  w.member("version", version_text(context.version));
  w.member("gitDescription", "sandbox");
  write_connectors(w, context);
  w.key("config");
  w.raw(R"({"capabilities":["authByKey"]})");
  w.key("license");
  write_license(w, false);
  w.key("features");
  w.raw("[]");
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response health(Context&) {
  Response response;
  response.content_type = "text/plain";
  response.body = "Ok";
  return response;
}

Response current_license(Context&) {
  json::Writer w;
  w.begin_object();
  w.key("license");
  write_license(w, true);
  w.end_object();
  return json_response(200, std::move(w).take());
}

std::string permissions(const Version& version) {
  if (version.v4()) {
    return R"(["manageShare","manageAnalyse","manageTask","manageCaseTemplate","manageCase",)"
           R"("manageUser","manageProcedure","managePage","manageObservable","manageTag",)"
           R"("manageConfig","manageAlert","accessTheHiveFS","manageAction"])";
  }
  if (version < Version{5, 1, 0}) {
    return R"(["manageAlert","manageCase/create","manageCase/update","manageObservable",)"
           R"("manageComment","managePage","manageProcedure","manageTask","manageTag"])";
  }
  return R"(["manageAlert/create","manageAlert/delete","manageAlert/import",)"
         R"("manageAlert/update","manageCase/create","manageCase/update","manageComment",)"
         R"("manageObservable","managePage","manageProcedure","manageTag","manageTask",)"
         R"("manageAnalyse","manageAction"])";
}

// For one of the accounts; the rest is the same as for the key of the command line.
Response current_account(Context& context) {
  const auto account = context.accounts->find(context.actor->login);
  if (!account) return not_found("User not found").response();
  const bool v4 = context.version.v4();
  json::Writer w;
  w.begin_object();
  w.member("_id", id_text(account->id));
  if (!v4) w.member("_type", "user");
  w.member("_createdBy", "admin@thehive.local");
  w.member("_createdAt", wall_now_ms());
  w.member("login", account->login);
  w.member("name", account->name);
  w.member("hasKey", !account->key.empty());
  w.member("hasPassword", !account->password.empty());
  w.member("hasMFA", false);
  w.member("locked", account->locked);
  w.member("profile", context.actor->profile);
  w.key("permissions");
  w.begin_array();
  for (const std::string& one : context.actor->permissions) w.value(one);
  w.end_array();
  w.member("organisation", context.actor->organisation);
  w.key("organisations");
  w.begin_array();
  for (const auto& [organisation, profile] : account->profiles) {
    w.begin_object();
    w.member("organisationId", id_text(context.accounts->organisation(organisation)));
    w.member("organisation", organisation);
    w.member("profile", profile);
    w.end_object();
  }
  w.end_array();
  if (!v4) w.member("type", account->type);
  w.key("extraData");
  w.raw("{}");
  w.end_object();
  Response response = json_response(200, std::move(w).take());
  if (v4) response.headers.emplace_back("X-Organisation", context.actor->organisation);
  return response;
}

Response current_user(Context& context) {
  if (context.actor) return current_account(context);
  json::Writer w;
  w.begin_object();
  w.member("_id", "~32");
  const bool v4 = context.version.v4();
  if (!v4) w.member("_type", "user");
  w.member("_createdBy", "admin@thehive.local");
  w.member("_createdAt", wall_now_ms());
  if (v4) {
    w.member("_updatedBy", "admin@thehive.local");
    w.member("_updatedAt", wall_now_ms());
  }
  w.member("login", kUserLogin);
  w.member("name", "socbridge");
  w.member("hasKey", true);
  w.member("hasPassword", false);
  w.member("hasMFA", false);
  w.member("locked", false);
  const char* profile = context.read_only ? "read-only" : "analyst";
  w.member("profile", profile);
  w.key("permissions");
  w.raw(context.read_only ? "[]" : permissions(context.version));
  // Version 4 hides the name of an organisation of which the user is not a member.
  w.member("organisation", context.foreign_organisation ? "***" : kOrganisation);
  w.key("organisations");
  w.raw(std::string(R"([{"organisationId":"~16","organisation":")") + kOrganisation +
        R"(","profile":")" + profile + "\"}]");
  if (!v4) {
    w.member("type", "Service");
    w.member("defaultOrganisation", kOrganisation);
  }
  w.key("extraData");
  w.raw("{}");
  w.end_object();
  Response response = json_response(200, std::move(w).take());
  if (v4) response.headers.emplace_back("X-Organisation", kOrganisation);
  return response;
}

constexpr Route kRoutes[] = {
    {"GET", "api/v1/status/public", public_status, Access::open, Body::none, 5},
    {"GET", "api/status", old_status, Access::open},
    {"GET", "api/health", health, Access::open},
    {"GET", "api/v1/status", full_status, Access::key, Body::none, 5},
    {"GET", "api/v1/status", full_status_v4, Access::key, Body::none, 4},
    {"GET", "api/v1/user/current", current_user},
    {"GET", "api/v1/license/current", current_license, Access::key, Body::none, 5},
};

}  // namespace

std::span<const Route> status_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
