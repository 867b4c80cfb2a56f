// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::integration {

// Where custom-w2thive of this machine keeps what it accepted.
struct SpoolLocation {
  std::string home;         // Wazuh's
  std::string config_file;  // of custom-w2thive
  std::string ossec_conf;
  std::string dir;  // the spool
};

// What a person gave; empty: found.
struct SpoolFlags {
  std::string dir, config_file, ossec_conf;
};

// `dir` is the flag's, else spool_dir of the configuration, else of the options of the
// custom-w2thive blocks of ossec.conf. Blocks with several spools, a broken configuration, or a
// named file that is not there: usage.
Result<SpoolLocation> find_spool(Env& env, const SpoolFlags& flags);

// A file that root makes in a spool of another user could not be read by integratord. If this
// process is root and the folder belongs to another user it becomes that user, for good.
Status become_owner(Env& env, const std::string& dir);

}  // namespace socbridge::integration
