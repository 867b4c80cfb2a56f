// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/store/model.h"

namespace socbridge::sandbox {

// The requesting user, unless the key is one of the command line.
struct Actor {
  std::string login, organisation, profile;
  std::vector<std::string> permissions;
  bool may(std::string_view permission) const;
};

struct Profile {
  Id id = 0;
  std::string name;
  std::vector<std::string> permissions;
};

struct Account {
  Id id = 0;
  std::string login, name, key, password, type = "Normal";
  bool locked = false;
  std::map<std::string, std::string, std::less<>> profiles;  // by organisation
};

// Organisations, profiles and users of TheHive (docs/protocols/thehive.md, "Administration").
// Thread-safe. In memory only.
class Accounts {
 public:
  // Has the built-in profiles and organisations. `admin_key`: key of admin@thehive.local, whose
  // password is `secret`, as on a new platform. Empty: there are no accounts.
  Accounts(const Version& version, std::string admin_key);

  // From Authorization and X-Organisation. Empty: no such user, or not in that organisation.
  std::optional<Actor> actor(std::string_view authorization, std::string_view organisation) const;

  std::optional<Account> find(std::string_view id_or_login) const;
  std::vector<Account> of_organisation(std::string_view organisation) const;
  Account put(Account account);  // id 0: takes the next one
  void remove(std::string_view login, std::string_view organisation);

  std::optional<Profile> profile(std::string_view id_or_name) const;
  Profile put(Profile profile);
  bool remove_profile(std::string_view id_or_name);

  Id organisation(std::string_view id_or_name) const;  // 0: unknown
  Id add_organisation(const std::string& name);        // an existing one: its id

 private:
  Id next() { return last_id_ += 8; }
  mutable std::mutex mutex_;
  Id last_id_ = 40960;
  std::map<std::string, Account, std::less<>> accounts_;  // by login
  std::map<std::string, Profile, std::less<>> profiles_;  // by name
  std::map<std::string, Id, std::less<>> organisations_;  // by name
};

// The permission required for a request, with this version's name; empty: none.
std::string_view permission_for(const Version& version, std::string_view method,
                                std::string_view pattern);

}  // namespace socbridge::sandbox
