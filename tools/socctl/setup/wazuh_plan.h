// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/privileges.h"
#include "base/secret.h"
#include "integration/block_text.h"
#include "wazuh/version.h"

namespace socbridge::socctl {

struct WazuhSetup {
  std::string home;
  User user;  // as which integratord runs
  std::optional<wazuh::Version> version;
  integration::BlockRequest block;  // without api_key: found out
  Secret key;                       // empty: the file that is there
};

enum class StepState { ok, missing, done, error };
const char* step_state_name(StepState state);

struct Step {
  std::string name;
  StepState state = StepState::ok;
  std::string detail, next;
  std::string text;                // of the block
  std::string undo;                // command that takes back what was done
  std::function<Status()> action;  // of a missing one
};

// What has to be there for alerts of this manager to reach TheHive, in order: executable, spool,
// key, block. Reads as the home's user, changes nothing. Not thread safe.
std::vector<Step> plan_wazuh(Env& env, const WazuhSetup& setup);

// Whether alerts arrive with what is there now: the errors of `socctl config check`, as one step.
Step check_wazuh(Env& env, const WazuhSetup& setup);

}  // namespace socbridge::socctl
