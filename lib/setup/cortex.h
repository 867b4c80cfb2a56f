// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/time.h"
#include "cortex/quota_ledger.h"
#include "http/client.h"
#include "setup/step.h"

namespace socbridge::setup {

struct CortexAnalyzer {
  std::string base;        // "VirusTotal_GetReport": the definition without its version
  Secret key;              // of the service behind it; empty: not given
  cortex::Limit limit;     // for Cortex to enforce; count 0: none
  bool needs_key = false;  // known before Cortex's catalogue can be read
};

struct CortexSetup {
  std::string url;          // base URL
  std::string admin_login;  // if not empty, `admin_key` is the password of this superadmin
  Secret admin_key;
  // For a Cortex without users: name of the first superadmin, who gets `admin_key` as key, and this
  // password. Empty password: no superadmin is created.
  std::string first_admin = "admin";
  Secret first_password;
  std::string organisation = "soc";
  std::string login = "socbridge";                    // runs analyzers: read, analyze
  std::string orgadmin_login = "socbridge-orgadmin";  // configures them: read, orgadmin
  std::vector<CortexAnalyzer> analyzers;
  std::string key_file;    // file for the key of `login`
  bool renew_key = false;  // create a new key even if the user has one
};

// The five analyzers of docs/cortex.md with the limits of free keys, without keys.
std::vector<CortexAnalyzer> default_analyzers();

// The requirements of socbridge in Cortex, in order: version, index, superadmin, organisation,
// orgadmin, user, key, and one step per analyzer. Only reads; the actions of the steps write. They
// use `env`, `http` and `deadline`, which must outlive them. Not thread safe.
std::vector<Step> plan_cortex(Env& env, http::Client& http, const CortexSetup& setup,
                              const Deadline& deadline);

}  // namespace socbridge::setup
