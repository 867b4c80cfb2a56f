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

// What the key is for: alerts only (the manager), or alerts, cases and observables (socctl).
enum class TheHiveRights { alerts, cases };

struct TheHiveSetup {
  std::string url;          // base URL
  std::string admin_login;  // not empty: `admin_key` is the password of this administrator
  Secret admin_key;
  std::string organisation = "soc";
  std::string login = "socbridge@thehive.local";
  TheHiveRights rights = TheHiveRights::cases;
  bool promote = false;  // alerts become cases at once (docs/rules.md): that right too
  bool canary = false;   // `health --canary` deletes its alerts: that right too
  std::vector<std::string> observable_types;              // beside those that the mapping uses
  std::vector<thehive::Admin::Definition> custom_fields;  // beside those of the rules
  std::string key_file;                                   // where the user's key is kept
  bool renew_key = false;                                 // a new key, although the user has one
};

// The permissions of the user's profile, as this version (4 or 5) calls them, sorted.
std::vector<std::string> thehive_permissions(const TheHiveSetup& setup, int major);

// What TheHive needs for socbridge, in order: version, administrator, organisation, profile, user,
// key, types, fields. Asks only; the actions of the steps write, and use `env`, `http` and
// `deadline`'s rest, which must outlive them. What cannot be asked because something before it
// failed is left out. Not thread safe.
std::vector<Step> plan_thehive(Env& env, http::Client& http, const TheHiveSetup& setup,
                               const Deadline& deadline);

}  // namespace socbridge::setup
