// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/cortex/accounts.h"

#include <algorithm>
#include <utility>

#include "base/secret.h"
#include "base/text.h"
#include "http/service.h"
#include "json/writer.h"

namespace socbridge::sandbox::cortex {
namespace {

constexpr const char* kOwnLogin = "socbridge@sandbox.test";
constexpr std::int64_t kCreatedMs = 1735689600000;

bool is_superadmin(const std::vector<std::string>& roles) {
  return std::find(roles.begin(), roles.end(), "superadmin") != roles.end();
}

}  // namespace

bool Actor::has(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::string Account::json() const {
  json::Writer w;
  w.begin_object();
  w.member("id", login);
  w.member("_id", login);
  w.member("_type", "user");
  w.member("name", name);
  w.key("roles");
  w.begin_array();
  for (const std::string& role : roles) w.value(role);
  w.end_array();
  w.member("status", locked ? "Locked" : "Ok");
  w.member("organization", organisation);
  w.member("hasKey", !key.empty());
  w.member("hasPassword", !password.empty());
  w.member("createdBy", created_by);
  w.member("createdAt", kCreatedMs);
  write_index_members(w, login);
  w.end_object();
  return std::move(w).take();
}

Accounts::Accounts(const Setup& setup, std::string own_key)
    : takes_any_key_(own_key.empty() && !setup.fresh), takes_passwords_(setup.passwords) {
  organisations_["cortex"] = false;
  if (setup.fresh) return;
  organisations_["sandbox"] = false;
  const auto keep = [&](std::string login, std::string key, const std::vector<std::string>& roles) {
    Account account;
    account.login = account.name = login;
    account.key = std::move(key);
    account.roles = roles;
    account.organisation = is_superadmin(roles) ? "cortex" : "sandbox";
    accounts_[login] = std::move(account);
  };
  keep(kOwnLogin, own_key.empty() ? "any" : std::move(own_key), setup.roles);
  accounts_[kOwnLogin].name = "socbridge";
  for (const Setup::Key& more : setup.more_keys)
    keep("user" + std::to_string(accounts_.size()) + "@sandbox.test", more.key, more.roles);
}

std::optional<Actor> Accounts::actor(std::string_view authorization) const {
  const std::lock_guard lock(mutex_);
  if (accounts_.empty()) {
    return Actor{"init", "cortex", {"read", "analyze", "orgadmin", "superadmin"}};
  }
  constexpr std::string_view kBearer = "Bearer ";
  const bool bearer = istarts_with(authorization, kBearer);
  const std::string_view key = bearer ? trim(authorization.substr(kBearer.size())) : "";
  for (const auto& [login, account] : accounts_) {
    const bool by_key = !key.empty() && account.key == key;
    const bool by_password =
        takes_passwords_ && !account.password.empty() &&
        authorization == http::basic_authorization(login, Secret(account.password));
    if ((!by_key && !by_password) || account.locked) continue;
    const auto organisation = organisations_.find(account.organisation);
    if (organisation == organisations_.end() || organisation->second) continue;
    return Actor{login, account.organisation, account.roles};
  }
  if (!takes_any_key_ || key.empty()) return std::nullopt;
  const Account& own = accounts_.at(kOwnLogin);
  return Actor{own.login, own.organisation, own.roles};
}

std::optional<Account> Accounts::find(std::string_view login) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(login);
  return found == accounts_.end() ? std::nullopt : std::optional<Account>(found->second);
}

bool Accounts::add(Account account) {
  const std::lock_guard lock(mutex_);
  const std::string login = account.login;
  return accounts_.emplace(login, std::move(account)).second;
}

Accounts::Organisation Accounts::organisation(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = organisations_.find(name);
  if (found == organisations_.end()) return Organisation::none;
  return found->second ? Organisation::locked : Organisation::active;
}

bool Accounts::add_organisation(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return organisations_.emplace(name, false).second;
}

void Accounts::lock_organisation(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = organisations_.find(name); found != organisations_.end())
    found->second = true;
}

}  // namespace socbridge::sandbox::cortex
