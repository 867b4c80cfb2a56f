// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace socbridge::health {

// The program and its environment, like with integratord (docs/protocols/wazuh.md, "Arguments",
// "Process environment", "Output pipe").
struct IntegrationCall {
  std::string home;                // working directory
  std::string program;             // integrations/custom-w2thive, relative to it or absolute
  std::vector<std::string> words;  // argv[1..]; no secrets
  uid_t uid = 0;                   // used if we are root
  gid_t gid = 0;
  std::int64_t timeout_ms = 10000;  // it is killed after this time
};

struct IntegrationResult {
  int exit_code = -1;     // -1: ended by a signal
  std::string last_line;  // of its output, printable
  std::int64_t took_ms = 0;
};

// Runs it in its own session, with standard input from /dev/null and an environment of PATH only,
// and reads all of its output. Errors: failure if it could not be started, unreachable if it did
// not end in time.
Result<IntegrationResult> run_integration(const IntegrationCall& call);

}  // namespace socbridge::health
