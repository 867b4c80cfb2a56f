// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/cortex/analyzers.h"

namespace socbridge::sandbox::cortex {

// The requesting user.
struct Actor {
  std::string login, organisation;
  std::vector<std::string> roles;
  bool has(std::string_view role) const;
};

struct Account {
  std::string login, name, organisation, key, password;
  std::vector<std::string> roles;
  bool locked = false;
  std::string created_by = "admin";
  std::string json() const;
};

// Users and organisations (docs/protocols/cortex.md, "Administration"). Thread-safe.
class Accounts {
 public:
  // `own_key`: key of the user socbridge@sandbox.test; empty: any key is that user's.
  Accounts(const Setup& setup, std::string own_key);

  // From the Authorization header. Until a user exists, each request is that of `init` with all
  // roles.
  std::optional<Actor> actor(std::string_view authorization) const;

  std::optional<Account> find(std::string_view login) const;
  // False if a user with that name exists.
  bool add(Account account);
  template <typename F>
  bool change(std::string_view login, F function) {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(login);
    if (found == accounts_.end()) return false;
    function(found->second);
    return true;
  }

  enum class Organisation { none, active, locked };
  Organisation organisation(std::string_view name) const;
  bool add_organisation(const std::string& name);
  void lock_organisation(std::string_view name);

 private:
  bool takes_any_key_ = false, takes_passwords_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, bool, std::less<>> organisations_;  // whether it is locked
};

}  // namespace socbridge::sandbox::cortex
