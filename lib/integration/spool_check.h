// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "integration/settings.h"
#include "spool/inspect.h"

namespace socbridge::integration {

// Who has to be able to work with the spool `dir` of the Wazuh home `home`: the home's user, as
// which integratord runs custom-w2thive; if that is root or there is no home, the owner of the
// folder; if there is no folder, this process's user.
spool::Whose spool_user(Env& env, const std::string& home, const std::string& dir);

// What is wrong with a spool, in a few lines.
struct SpoolFinding {
  std::string problem;  // as spool::Defect has it
  bool stops = false;   // alerts are not stored or not delivered
  std::string detail;   // one line; "… (and 12 more)" stands for others like it
  std::string next;     // what to do
};

struct SpoolCheck {
  spool::Inspection seen;
  std::vector<SpoolFinding> findings;  // the worst first
};

// As spool::inspect(), for the spool of these settings. Linear in the number of files.
SpoolCheck check_spool(Env& env, const std::string& home, const Settings& settings);

}  // namespace socbridge::integration
