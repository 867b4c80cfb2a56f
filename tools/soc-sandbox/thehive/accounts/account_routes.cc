// SPDX-License-Identifier: Apache-2.0
// Organisations, profiles and users (docs/protocols/thehive.md, "Administration").
#include "soc-sandbox/thehive/accounts/account_routes.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kName = 128;

void write_list(json::Writer& w, std::string_view name, const std::vector<std::string>& texts) {
  w.key(name);
  w.begin_array();
  for (const std::string& text : texts) w.value(text);
  w.end_array();
}

std::string organisation_json(std::string_view name, Id id) {
  json::Writer w;
  w.begin_object();
  w.member("_id", id_text(id));
  w.member("_type", "organisation");
  w.member("_createdBy", "admin@thehive.local");
  w.member("_createdAt", wall_now_ms());
  w.member("name", name);
  w.member("description", name);
  w.key("links");
  w.raw("[]");
  w.end_object();
  return std::move(w).take();
}

std::string profile_json(const Context& context, const Profile& profile) {
  json::Writer w;
  w.begin_object();
  w.member("_id", id_text(profile.id));
  if (context.version.v4()) w.member("id", id_text(profile.id));  // in the form of the old API
  w.member("_type", context.version.v4() ? "profile" : "Profile");
  w.member("name", profile.name);
  write_list(w, "permissions", profile.permissions);
  w.member("editable", profile.name != "admin");
  w.member("isAdmin", profile.name == "admin");
  w.end_object();
  return std::move(w).take();
}

void write_user(json::Writer& w, const Context& context, const Account& account,
                const std::string& organisation) {
  const auto in = account.profiles.find(organisation);
  const std::string profile = in == account.profiles.end() ? "" : in->second;
  const auto rights = context.accounts->profile(profile);
  w.begin_object();
  w.member("_id", id_text(account.id));
  if (!context.version.v4()) w.member("_type", "User");
  w.member("_createdBy", "admin@thehive.local");
  w.member("_createdAt", wall_now_ms());
  w.member("login", account.login);
  w.member("name", account.name);
  w.member("hasKey", !account.key.empty());
  w.member("hasPassword", !account.password.empty());
  w.member("hasMFA", false);
  w.member("locked", account.locked);
  w.member("profile", profile);
  write_list(w, "permissions", rights ? rights->permissions : std::vector<std::string>());
  w.member("organisation", organisation);
  w.key("organisations");
  w.raw("[]");
  if (!context.version.v4()) w.member("type", account.type);
  w.key("extraData");
  w.raw("{}");
  w.end_object();
}

Response show_user(const Context& context, int status, const Account& account,
                   const std::string& organisation) {
  json::Writer w;
  write_user(w, context, account, organisation);
  return json_response(status, std::move(w).take());
}

Response post_organisation(Context& context) {
  Fields fields(context.json(), context.version);
  const std::string name = fields.required_text("name", 1, kName);
  fields.required_text("description", 1, kMegabyte);
  if (!fields.ok()) return fields.error().response();
  // As recorded: an existing one is returned as if it was created.
  return json_response(201, organisation_json(name, context.accounts->add_organisation(name)));
}

Response get_organisation(Context& context) {
  const std::string& name = context.captures[0];
  const Id id = context.accounts->organisation(name);
  if (id == 0) return not_found("Organisation not found").response();
  return json_response(200, organisation_json(name, id));
}

std::vector<std::string> given_permissions(const Context& context) {
  std::vector<std::string> out;
  const json::Value list = context.json()["permissions"];
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.at(i).text());
  return out;
}

Response post_profile(Context& context) {
  Fields fields(context.json(), context.version);
  const std::string name = fields.required_text("name", 1, kName);
  if (!fields.ok()) return fields.error().response();
  if (context.accounts->profile(name)) return create_error("Profile already exists").response();
  return json_response(
      201,
      profile_json(context, context.accounts->put(Profile{0, name, given_permissions(context)})));
}

Response get_profile(Context& context) {
  const auto found = context.accounts->profile(context.captures[0]);
  if (!found) return not_found("Profile not found").response();
  return json_response(200, profile_json(context, *found));
}

Response patch_profile(Context& context) {
  auto found = context.accounts->profile(context.captures[0]);
  if (!found) return not_found("Profile not found").response();
  if (context.json()["permissions"]) found->permissions = given_permissions(context);
  const Profile kept = context.accounts->put(std::move(*found));
  return context.version.v4() ? json_response(200, profile_json(context, kept)) : no_content();
}

Response delete_profile(Context& context) {
  if (!context.accounts->remove_profile(context.captures[0]))
    return not_found("Profile not found").response();
  return no_content();
}

Response post_user(Context& context) {
  Fields fields(context.json(), context.version);
  const std::string login = ascii_lower(fields.required_text("login", 1, kName));
  const std::string name = fields.required_text("name", 1, kName);
  const std::string profile = fields.required_text("profile", 1, kName);
  const std::string organisation =
      fields.text("organisation", 1, kName).value_or(context.actor->organisation);
  const std::string type = fields.text("type", 1, kName).value_or("Normal");
  if (!fields.ok()) return fields.error().response();
  if (context.accounts->organisation(organisation) == 0)
    return not_found("Organisation not found").response();
  if (!context.accounts->profile(profile)) return not_found("Profile not found").response();
  auto account = context.accounts->find(login);
  if (!account) {
    account = Account();
    account->login = login;
    account->name = name;
    if (!context.version.v4()) account->type = type;
  }
  account->profiles[organisation] = profile;
  return show_user(context, 201, context.accounts->put(std::move(*account)), organisation);
}

Response patch_user(Context& context) {
  auto account = context.accounts->find(context.captures[0]);
  if (!account) return not_found("User not found").response();
  const json::Value body = context.json();
  const std::string organisation = body["organisation"].text(), profile = body["profile"].text();
  if (!profile.empty()) {
    if (organisation.empty()) {
      return bad_request("Organisation information is required to update user profile").response();
    }
    if (!context.accounts->profile(profile)) return not_found("Profile not found").response();
    account->profiles[organisation] = profile;
  }
  if (const auto locked = body["locked"].boolean()) account->locked = *locked;
  if (const auto name = body["name"].string()) account->name = *name;
  context.accounts->put(std::move(*account));
  return no_content();
}

Response get_user(Context& context) {
  const auto account = context.accounts->find(context.captures[0]);
  if (!account) return not_found("User not found").response();
  const std::string first =
      account->profiles.empty() ? std::string() : account->profiles.begin()->first;
  return show_user(context, 200, *account, first);
}

Response delete_user(Context& context) {
  const auto account = context.accounts->find(context.captures[0]);
  if (!account) return not_found("User not found").response();
  constexpr std::string_view kParameter = "organisation=";
  const std::string_view query = context.request.query;
  const std::string organisation(query.starts_with(kParameter) ? query.substr(kParameter.size())
                                                               : context.actor->organisation);
  context.accounts->remove(account->login, organisation);
  return no_content();
}

Response user_key(Context& context) {
  auto account = context.accounts->find(context.captures[0]);
  const bool may = context.actor && (context.actor->may("manageUser") ||
                                     (account && account->login == context.actor->login));
  if (!account || !may) return not_found("User not found").response();
  if (context.request.method == "POST") {
    account->key = new_key(account->login);
    return key_response(context.accounts->put(std::move(*account)).key);
  }
  if (context.request.method == "DELETE") {
    account->key.clear();
    context.accounts->put(std::move(*account));
    return no_content();
  }
  if (account->key.empty()) {
    return not_found("User " + account->login + " hasn't key").response();
  }
  return key_response(account->key);
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/organisation", post_organisation, Access::key, Body::json},
    {"GET", "api/v1/organisation/{}", get_organisation},
    {"POST", "api/v1/profile", post_profile, Access::key, Body::json},
    {"GET", "api/v1/profile/{}", get_profile},
    {"PATCH", "api/v1/profile/{}", patch_profile, Access::key, Body::json},
    {"DELETE", "api/v1/profile/{}", delete_profile},
    {"POST", "api/v1/user", post_user, Access::key, Body::json},
    {"GET", "api/v1/user/{}", get_user},
    {"PATCH", "api/v1/user/{}", patch_user, Access::key, Body::json},
    {"DELETE", "api/v1/user/{}/force", delete_user},
    {"GET", "api/v1/user/{}/key", user_key},
    {"DELETE", "api/v1/user/{}/key", user_key},
    {"POST", "api/v1/user/{}/key/renew", user_key},
};

}  // namespace

std::span<const Route> account_routes() { return kRoutes; }

std::optional<Response> query_users(Context& context) {
  const json::Value query = context.json()["query"];
  if (query.at(0)["_name"].text() != "getOrganisation" || !context.actor) return std::nullopt;
  const std::string organisation = query.at(0)["idOrName"].text();
  if (query.at(1)["_name"].text() != "users")
    return bad_request("Invalid query: only the users of an organisation are here").response();
  const json::Value is = query.at(2)["_is"];
  json::Writer w;
  w.begin_array();
  if (context.actor->may("manageUser") || context.actor->organisation == organisation) {
    for (const Account& account : context.accounts->of_organisation(organisation)) {
      if (is && !iequals(account.login, is["_value"].text())) continue;
      write_user(w, context, account, organisation);
    }
  }
  w.end_array();
  return json_response(200, std::move(w).take());
}

}  // namespace socbridge::sandbox
