// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "spool/inspect.h"

namespace socbridge::integration {

// The user who must be able to use the spool `dir` of the Wazuh home `home`: the home's user, as
// whom integratord runs custom-w2thive. If that is root or there is no home: the owner of the
// folder. If there is no folder: this process's user.
spool::Whose spool_user(Env& env, const std::string& home, const std::string& dir);

// Defects of a spool, summarised.
struct SpoolFinding {
  std::string problem;  // as in spool::Defect
  bool stops = false;   // alerts are not stored or not delivered
  std::string detail;   // one line; "… (and 12 more)" for similar ones
  std::string next;     // the next step
};

struct SpoolCheck {
  spool::Inspection seen;
  std::vector<SpoolFinding> findings;  // the worst first
};

// As spool::inspect(), for the spool of these settings. Linear in the number of files.
SpoolCheck check_spool(Env& env, const std::string& home, const Settings& settings);

}  // namespace socbridge::integration
