// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace socbridge::health {

// What to run and as whom, as integratord would (docs/protocols/wazuh.md, "Arguments", "Process
// environment", "Output pipe").
struct IntegrationCall {
  std::string home;                // working directory
  std::string program;             // integrations/custom-w2thive, relative to it or absolute
  std::vector<std::string> words;  // argv[1..]; no secrets
  uid_t uid = 0;                   // taken on if we are root
  gid_t gid = 0;
  std::int64_t timeout_ms = 10000;  // then it is killed
};

struct IntegrationResult {
  int exit_code = -1;     // -1: ended by a signal
  std::string last_line;  // of what it printed, printable
  std::int64_t took_ms = 0;
};

// In a session of its own, standard input from /dev/null, output read to its end, the environment
// empty but for PATH. Errors: it could not be started (failure), or did not end in time
// (unreachable).
Result<IntegrationResult> run_integration(const IntegrationCall& call);

}  // namespace socbridge::health
