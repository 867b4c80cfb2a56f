// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "base/env.h"
#include "spool/defect.h"
#include "spool/spool.h"

namespace socbridge::spool {

// The user who must be able to use a spool.
struct Whose {
  uid_t uid = 0;
  gid_t gid = 0;     // primary group; others are checked by the kernel if the process is that user
  std::string name;  // for messages: "wazuh", "user 65534"
  // The Wazuh home whose configuration, which belongs to that user, names the spool; empty: the
  // operator named it.
  std::string home = {};
};

struct Inspection {
  enum class Presence {
    there,    // exists, with all or some of its folders
    to_come,  // does not exist, but that user can create it
    none,     // does not exist, and that user cannot create it: see the defect
    unseen    // this process may not inspect it: see the defect
  };
  Presence presence = Presence::there;
  Totals totals;  // entries of all states
};

using OnDefect = std::function<void(Defect defect)>;

// Checks the folder `dir` and its content from the point of view of `whose`: missing folders,
// owners, modes, types (links, FIFOs and others in place of files and folders), files with several
// hard links, a read-only file system, free space and inodes, `bounds`, and stopped processes
// (SIGSTOP) that hold a claim or a lock. Changes nothing, takes no lock and does not wait. Follows
// no link below `dir`. Linear in the number of files. The content of entries is checked by fsck().
// `env` is used for /proc only.
Inspection inspect(Env& env, const std::string& dir, const Whose& whose, const Bounds& bounds,
                   const OnDefect& on_defect);

// The names of the folders of every spool, in the order of their creation.
extern const char* const kFolders[6];

}  // namespace socbridge::spool
