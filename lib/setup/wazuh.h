// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/privileges.h"
#include "base/secret.h"
#include "integration/block_text.h"
#include "setup/step.h"
#include "wazuh/version.h"

namespace socbridge::setup {

struct WazuhSetup {
  std::string home;
  User user;  // the user of integratord
  std::optional<wazuh::Version> version;
  integration::BlockRequest block;  // without api_key, which is determined here
  Secret key;                       // empty: use the existing file
  std::string executable;           // bytes of custom-w2thive; empty: use the existing one
  std::vector<std::string> only;    // names of steps; empty: all
};

// The names of the steps, in order.
inline constexpr const char* kWazuhSteps[] = {"executable", "spool", "key", "block"};

// The requirements for alerts of this manager to reach TheHive, in order: executable, spool, key,
// block. Reads as the home's user, changes nothing. Not thread safe.
std::vector<Step> plan_wazuh(Env& env, const WazuhSetup& setup);

// Whether alerts arrive with the current files: the errors of `socctl config check`, as one step.
Step check_wazuh(Env& env, const WazuhSetup& setup);

}  // namespace socbridge::setup
