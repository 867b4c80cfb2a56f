// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "base/env.h"
#include "spool/defect.h"
#include "spool/spool.h"

namespace socbridge::spool {

// The user who has to be able to work with a spool.
struct Whose {
  uid_t uid = 0;
  gid_t gid = 0;     // primary group; others are asked of the kernel, if the process is that user
  std::string name;  // for messages: "wazuh", "user 65534"
  // The Wazuh home whose configuration, which is that user's, names the spool; empty: the operator
  // names it.
  std::string home = {};
};

struct Inspection {
  enum class Presence {
    there,    // with all or some of its folders
    to_come,  // nothing is there yet; that user can make what is missing
    none,     // not there, and that user cannot make it: a defect says why
    unseen    // this process may not look into it: a defect says so
  };
  Presence presence = Presence::there;
  Totals totals;  // entries of all states
};

using OnDefect = std::function<void(Defect defect)>;

// Checks the folder `dir` and everything in it as `whose` would find it: folders that are missing,
// owners, modes, types (links, FIFOs and others in place of files and folders), files with several
// names, a read-only file system, free space and inodes, `bounds`, and processes that are stopped
// (SIGSTOP) and hold a claim or a lock. Changes nothing: neither creates, nor locks, nor waits.
// Follows no link below `dir`. Linear in the number of files. What damaged entries hold is fsck()'s
// to say. `env` is only asked for /proc.
Inspection inspect(Env& env, const std::string& dir, const Whose& whose, const Bounds& bounds,
                   const OnDefect& on_defect);

// The names of the folders that every spool has, in the order in which they are made.
extern const char* const kFolders[6];

}  // namespace socbridge::spool
