// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"

namespace socbridge::integration {

enum class FindingState { ok, warning, error, skipped };
const char* finding_state_name(FindingState state);

struct Finding {
  std::string subject;  // configuration, url, key, spool, log, ca, integration block, executable
  FindingState state = FindingState::ok;
  std::string detail;  // one line, no secrets
  std::string next;    // the next step, empty if none
};

// Checks everything about custom-w2thive on this machine that needs no network. `ossec_conf` empty:
// HOME/etc/ossec.conf; if neither that nor the executable exists, the checks of the block are
// skipped. Spool and log are those of each block's settings. Changes nothing.
std::vector<Finding> check_config(Env& env, const Loaded& loaded, const std::string& home,
                                  const std::string& ossec_conf);

}  // namespace socbridge::integration
