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
  Secret key;              // of the service behind it; empty: none is given
  cortex::Limit limit;     // for Cortex to enforce; count 0: none
  bool needs_key = false;  // known before Cortex's catalogue can be asked
};

struct CortexSetup {
  std::string url;          // base URL
  std::string admin_login;  // not empty: `admin_key` is the password of this superadmin
  Secret admin_key;
  // Of a Cortex without users: the first superadmin gets this name, `admin_key` as its key, and the
  // password. Empty password: none is made.
  std::string first_admin = "admin";
  Secret first_password;
  std::string organisation = "soc";
  std::string login = "socbridge";                    // runs analyzers: read, analyze
  std::string orgadmin_login = "socbridge-orgadmin";  // configures them: read, orgadmin
  std::vector<CortexAnalyzer> analyzers;
  std::string key_file;    // where the key of `login` is kept
  bool renew_key = false;  // a new key, although the user has one
};

// The five analyzers of docs/cortex.md with the limits of free keys, without keys.
std::vector<CortexAnalyzer> default_analyzers();

// What Cortex needs for socbridge, in order: version, index, superadmin, organisation, orgadmin,
// user, key, and one step for each analyzer. Asks only; the actions of the steps write, and use
// `env`, `http` and the rest of `deadline`, which must outlive them. Not thread safe.
std::vector<Step> plan_cortex(Env& env, http::Client& http, const CortexSetup& setup,
                              const Deadline& deadline);

}  // namespace socbridge::setup
