// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::integration {

// The spool of this machine's custom-w2thive.
struct SpoolLocation {
  std::string home;         // Wazuh's
  std::string config_file;  // of custom-w2thive
  std::string ossec_conf;
  std::string dir;  // the spool
};

// Given by the operator; empty: searched.
struct SpoolFlags {
  std::string dir, config_file, ossec_conf;
};

// `dir` is the flag's, else spool_dir of the configuration, else that of the options of the
// custom-w2thive blocks in ossec.conf. Errors (usage): blocks with several spools, a broken
// configuration, a named file that does not exist.
Result<SpoolLocation> find_spool(Env& env, const SpoolFlags& flags);

// integratord could not read a file that root creates in the spool of another user. So if this
// process is root and the folder belongs to another user, it becomes that user, permanently.
Status become_owner(Env& env, const std::string& dir);

}  // namespace socbridge::integration
