// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/client.h"
#include "setup/step.h"
#include "thehive/admin.h"

namespace socbridge::setup {

// Use of the key: alerts only (the manager), or alerts, cases and observables (socctl).
enum class TheHiveRights { alerts, cases };

struct TheHiveSetup {
  std::string url;          // base URL
  std::string admin_login;  // if not empty, `admin_key` is the password of this administrator
  Secret admin_key;
  std::string organisation = "soc";
  std::string login = "socbridge@thehive.local";
  TheHiveRights rights = TheHiveRights::cases;
  bool promote = false;  // alerts become cases at once (docs/rules.md): needs that permission
  bool canary = false;   // `health --canary` deletes its alerts: needs that permission
  std::vector<std::string> observable_types;              // in addition to those of the mapping
  std::vector<thehive::Admin::Definition> custom_fields;  // in addition to those of the rules
  std::string key_file;                                   // file for the user's key
  bool renew_key = false;  // create a new key even if the user has one
};

// The permissions of the user's profile, with the names of this version (4 or 5), sorted.
std::vector<std::string> thehive_permissions(const TheHiveSetup& setup, int major);

// The requirements of socbridge in TheHive, in order: version, administrator, organisation,
// profile, user, key, types, fields. Only reads; the actions of the steps write. They use `env`,
// `http` and `deadline`, which must outlive them. Steps that cannot be checked after a failure are
// left out. Not thread safe.
std::vector<Step> plan_thehive(Env& env, http::Client& http, const TheHiveSetup& setup,
                               const Deadline& deadline);

}  // namespace socbridge::setup
