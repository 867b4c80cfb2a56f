// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/accounts/accounts.h"

#include <algorithm>
#include <utility>

#include "base/secret.h"
#include "base/text.h"
#include "http/service.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

constexpr const char* kAdmin = "admin@thehive.local";
constexpr const char* kAdministration = "admin";

std::vector<std::string> admin_permissions(const Version& version) {
  std::vector<std::string> out = {"manageUser",        "manageOrganisation",       "manageProfile",
                                  "manageCustomField", "manageObservableTemplate", "managePattern",
                                  "manageTaxonomy",    "manageAnalyzerTemplate"};
  out.emplace_back(version.v4() ? "manageConfig" : "managePlatform");
  return out;
}

std::vector<std::string> analyst_permissions(const Version& version) {
  if (version.v4()) {
    return {"manageShare", "manageAnalyse",    "manageTask",  "manageCase",      "manageProcedure",
            "managePage",  "manageObservable", "manageAlert", "accessTheHiveFS", "manageAction"};
  }
  return {"manageAlert/create", "manageAlert/delete", "manageAlert/import", "manageAlert/update",
          "manageCase/create",  "manageCase/update",  "manageComment",      "manageObservable",
          "managePage",         "manageProcedure",    "manageTask",         "manageAnalyse",
          "manageAction"};
}

std::vector<std::string> org_admin_permissions(const Version& version) {
  std::vector<std::string> out = analyst_permissions(version);
  for (const char* more : {"manageCaseTemplate", "manageUser", "manageTag", "manageConfig"})
    out.emplace_back(more);
  return out;
}

struct Need {
  std::string_view method, pattern, permission;  // prefix of the pattern; `*`: any method
};
// The first match counts, so longer ones come first.
constexpr Need kNeeds[] = {
    {"*", "api/v1/observable/type", "manageObservableTemplate"},
    {"*", "api/v1/customField", "manageCustomField"},
    {"*", "api/v1/organisation", "manageOrganisation"},
    {"*", "api/v1/profile", "manageProfile"},
    {"*", "api/v1/user", "manageUser"},
    {"*", "api/v1/caseTemplate", "manageCaseTemplate"},
    {"POST", "api/v1/alert/delete", "manageAlert/delete"},
    {"POST", "api/v1/alert/{}/comment", "manageComment"},
    {"POST", "api/v1/alert/{}/observable", "manageObservable"},
    {"POST", "api/v1/alert/{}/artifact", "manageObservable"},
    {"POST", "api/v1/alert/{}/procedure", "manageProcedure"},
    {"POST", "api/v1/alert/{}/follow", "manageAlert/update"},
    {"POST", "api/v1/alert/{}/unfollow", "manageAlert/update"},
    {"POST", "api/v1/alert/{}/", "manageAlert/import"},
    {"POST", "api/v1/alert", "manageAlert/create"},
    {"PATCH", "api/v1/alert", "manageAlert/update"},
    {"DELETE", "api/v1/alert", "manageAlert/delete"},
    {"POST", "api/v1/case/{}/page", "managePage"},
    {"PATCH", "api/v1/case/{}/page", "managePage"},
    {"DELETE", "api/v1/case/{}/page", "managePage"},
    {"POST", "api/v1/case/{}/comment", "manageComment"},
    {"POST", "api/v1/case/{}/observable", "manageObservable"},
    {"POST", "api/v1/case/{}/procedure", "manageProcedure"},
    {"POST", "api/v1/case", "manageCase/create"},
    {"PATCH", "api/v1/case", "manageCase/update"},
    {"*", "api/v1/comment", "manageComment"},
    {"*", "api/v1/observable", "manageObservable"},
    {"*", "api/v1/procedure", "manageProcedure"},
    {"*", "api/connector/cortex", "manageAnalyse"},
    {"*", "api/v1/connector/cortex", "manageAnalyse"},
    {"POST", "api/alert/{}/merge", "manageAlert/import"},
    {"POST", "api/alert", "manageAlert/create"},
    {"DELETE", "api/alert", "manageAlert/delete"},
};

}  // namespace

bool Actor::may(std::string_view permission) const {
  const std::string_view whole = permission.substr(0, permission.find('/'));
  return permission.empty() ||
         std::any_of(permissions.begin(), permissions.end(),
                     [&](const std::string& one) { return one == permission || one == whole; });
}

Accounts::Accounts(const Version& version, std::string admin_key) {
  if (admin_key.empty()) return;
  put(Profile{0, kAdministration, admin_permissions(version)});
  put(Profile{0, "analyst", analyst_permissions(version)});
  put(Profile{0, "org-admin", org_admin_permissions(version)});
  put(Profile{0, "read-only", {}});
  add_organisation(kAdministration);
  add_organisation(kOrganisation);
  Account admin;
  admin.login = kAdmin;
  admin.name = "Default admin user";
  admin.key = std::move(admin_key);
  admin.password = "secret";
  admin.profiles[kAdministration] = kAdministration;
  put(std::move(admin));
}

std::optional<Actor> Accounts::actor(std::string_view authorization,
                                     std::string_view organisation) const {
  constexpr std::string_view kBearer = "Bearer ";
  const bool bearer = istarts_with(authorization, kBearer);
  const std::string_view key = bearer ? trim(authorization.substr(kBearer.size())) : "";
  const std::lock_guard lock(mutex_);
  for (const auto& [login, account] : accounts_) {
    const bool by_key = !key.empty() && account.key == key;
    const bool by_password =
        !account.password.empty() &&
        authorization == http::basic_authorization(login, Secret(account.password));
    if ((!by_key && !by_password) || account.locked || account.profiles.empty()) continue;
    const auto in =
        organisation.empty() ? account.profiles.begin() : account.profiles.find(organisation);
    if (in == account.profiles.end()) return std::nullopt;
    const auto profile = profiles_.find(in->second);
    Actor actor{login, in->first, in->second, {}};
    if (profile != profiles_.end()) actor.permissions = profile->second.permissions;
    return actor;
  }
  return std::nullopt;
}

std::optional<Account> Accounts::find(std::string_view id_or_login) const {
  const Id id = parse_id(id_or_login);
  const std::lock_guard lock(mutex_);
  for (const auto& [login, account] : accounts_) {
    if (id != 0 ? account.id == id : iequals(login, id_or_login)) return account;
  }
  return std::nullopt;
}

std::vector<Account> Accounts::of_organisation(std::string_view organisation) const {
  const std::lock_guard lock(mutex_);
  std::vector<Account> out;
  for (const auto& [login, account] : accounts_) {
    if (account.profiles.count(organisation) != 0) out.push_back(account);
  }
  return out;
}

Account Accounts::put(Account account) {
  const std::lock_guard lock(mutex_);
  if (account.id == 0) account.id = next();
  accounts_[account.login] = account;
  return account;
}

void Accounts::remove(std::string_view login, std::string_view organisation) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(login);
  if (found == accounts_.end()) return;
  if (const auto in = found->second.profiles.find(organisation); in != found->second.profiles.end())
    found->second.profiles.erase(in);
  if (found->second.profiles.empty()) accounts_.erase(found);
}

std::optional<Profile> Accounts::profile(std::string_view id_or_name) const {
  const Id id = parse_id(id_or_name);
  const std::lock_guard lock(mutex_);
  for (const auto& [name, profile] : profiles_) {
    if (id != 0 ? profile.id == id : name == id_or_name) return profile;
  }
  return std::nullopt;
}

Profile Accounts::put(Profile profile) {
  const std::lock_guard lock(mutex_);
  if (profile.id == 0) profile.id = next();
  profiles_[profile.name] = profile;
  return profile;
}

bool Accounts::remove_profile(std::string_view id_or_name) {
  const auto found = profile(id_or_name);
  const std::lock_guard lock(mutex_);
  return found && profiles_.erase(found->name) != 0;
}

Id Accounts::organisation(std::string_view id_or_name) const {
  const Id id = parse_id(id_or_name);
  const std::lock_guard lock(mutex_);
  for (const auto& [name, one] : organisations_) {
    if (id != 0 ? one == id : name == id_or_name) return one;
  }
  return 0;
}

Id Accounts::add_organisation(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Id& id = organisations_[name];
  if (id == 0) id = next();
  return id;
}

std::string_view permission_for(const Version& version, std::string_view method,
                                std::string_view pattern) {
  if (method == "GET" || pattern == "api/v1/query") return {};
  for (const Need& need : kNeeds) {
    if (need.method != "*" && need.method != method) continue;
    if (!pattern.starts_with(need.pattern)) continue;
    return version.v4() && need.permission.find('/') != std::string_view::npos
               ? need.permission.substr(0, need.permission.find('/'))
               : need.permission;
  }
  return {};
}

}  // namespace socbridge::sandbox
