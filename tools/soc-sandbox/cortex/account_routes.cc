// SPDX-License-Identifier: Apache-2.0
// Cortex's routes for users and organisations (docs/protocols/cortex.md, "Administration").
#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "soc-sandbox/cortex/api_calls.h"
#include "soc-sandbox/server/fixtures.h"

namespace socbridge::sandbox::cortex {
namespace {

Response refuse(int status, std::string type, std::string message) {
  return ApiError{status, std::move(type), std::move(message), {}}.response();
}

Response not_permitted() {
  return refuse(403, "AuthorizationError", "You are not authorized to perform this action");
}

Response no_user(std::string_view login) {
  return refuse(404, "NotFoundError", "user " + printable(login, 60) + " not found");
}

std::string organisation_json(std::string_view name, bool locked) {
  json::Writer w;
  w.begin_object();
  w.member("id", name);
  w.member("_id", name);
  w.member("_type", "organization");
  w.member("name", name);
  w.member("description", name);
  w.member("status", locked ? "Locked" : "Active");
  w.member("createdBy", "admin");
  w.member("createdAt", std::int64_t{1735689600000});
  write_index_members(w, name);
  w.end_object();
  return std::move(w).take();
}

// Whether the actor may change that user: a superadmin, or an administrator of the same
// organisation.
bool may_touch(const Actor& actor, const Account& account) {
  return actor.has("superadmin") || actor.organisation == account.organisation;
}

}  // namespace

Response Cortex::add_user(const Call& call) {
  const json::Value body = call.body();
  Account account;
  account.login = ascii_lower(body["login"].text());
  account.name = body["name"].text();
  account.roles = body["roles"].texts();
  account.organisation = body["organization"].string().value_or(call.actor.organisation);
  account.key = body["key"].text();
  account.password = body["password"].text();
  account.created_by = call.actor.login;
  if (account.login.empty() || account.name.empty())
    return refuse(400, "AttributeCheckingError", "[MissingAttributeError(login)]");
  const bool superadmin = call.actor.has("superadmin");
  const bool active =
      accounts_.organisation(account.organisation) == Accounts::Organisation::active;
  if (accounts_.organisation(account.organisation) == Accounts::Organisation::none) {
    return refuse(404, "NotFoundError",
                  "organization " + printable(account.organisation, 60) + " not found");
  }
  if (!active || (!superadmin && (account.organisation != call.actor.organisation ||
                                  contains(account.roles, "superadmin"))))
    return not_permitted();
  const std::string login = account.login;
  if (!accounts_.add(std::move(account))) {
    return refuse(500, "CreateError", "[" + login + "]: version conflict, document already exists");
  }
  return json_response(201, accounts_.find(login)->json());
}

Response Cortex::get_user(const Call& call) const {
  const auto account = accounts_.find(call.captures.front());
  if (!account || !may_touch(call.actor, *account)) return no_user(call.captures.front());
  return json_response(200, account->json());
}

Response Cortex::change_user(const Call& call) {
  const std::string& login = call.captures.front();
  const auto account = accounts_.find(login);
  if (!account || !may_touch(call.actor, *account)) return no_user(login);
  const json::Value body = call.body();
  const bool admin = call.actor.has("superadmin") || call.actor.has("orgadmin");
  if (!admin || login == call.actor.login) {
    return refuse(403, "AuthorizationError", "You are not permitted to change user settings");
  }
  if (body["key"] || body["password"])
    return refuse(403, "AuthorizationError", "You must use dedicated API");
  const auto roles = body["roles"].texts();
  if (body["roles"] && contains(roles, "superadmin") != (account->organisation == "cortex")) {
    return refuse(400, "BadRequest",
                  "The organization \"cortex\" alone can contain superadmin users");
  }
  accounts_.change(login, [&](Account& one) {
    if (body["roles"]) one.roles = roles;
    if (const auto status = body["status"].string()) one.locked = *status == "Locked";
    if (const auto name = body["name"].string()) one.name = *name;
  });
  return json_response(200, accounts_.find(login)->json());
}

Response Cortex::lock_user(const Call& call) {
  const std::string& login = call.captures.front();
  const auto account = accounts_.find(login);
  if (!account || !may_touch(call.actor, *account)) return no_user(login);
  accounts_.change(login, [](Account& one) { one.locked = true; });
  return no_content();
}

Response Cortex::user_key(const Call& call) {
  const std::string& login = call.captures.front();
  const auto account = accounts_.find(login);
  if (!account || !may_touch(call.actor, *account)) return no_user(login);
  const bool may =
      login == call.actor.login || call.actor.has("orgadmin") || call.actor.has("superadmin");
  if (!may)
    return refuse(403, "AuthorizationError", "You are not authorized to perform this operation");
  if (call.request.method == "POST") {
    const std::string key = new_key(login);
    accounts_.change(login, [&](Account& one) { one.key = key; });
    return key_response(key);
  }
  if (call.request.method == "DELETE") {
    accounts_.change(login, [](Account& one) { one.key.clear(); });
    return no_content();
  }
  if (account->key.empty())
    return refuse(400, "BadRequest", "User " + printable(login, 60) + " hasn't key");
  return key_response(account->key);
}

Response Cortex::add_organisation(const Call& call) {
  const std::string name = call.body()["name"].text();
  if (name.empty()) return refuse(400, "AttributeCheckingError", "[MissingAttributeError(name)]");
  if (!accounts_.add_organisation(name)) {
    return refuse(500, "CreateError", "[" + printable(name, 60) + "]: document already exists");
  }
  return json_response(201, organisation_json(name, false));
}

Response Cortex::organisation(const Call& call) {
  const std::string& name = call.captures.front();
  const auto state = accounts_.organisation(name);
  const bool visible = call.actor.has("superadmin") || call.actor.organisation == name;
  if (state == Accounts::Organisation::none || !visible) {
    return refuse(404, "NotFoundError", "organization " + printable(name, 60) + " not found");
  }
  if (call.request.method == "DELETE") {
    accounts_.lock_organisation(name);
    return no_content();
  }
  return json_response(200, organisation_json(name, state == Accounts::Organisation::locked));
}

}  // namespace socbridge::sandbox::cortex
