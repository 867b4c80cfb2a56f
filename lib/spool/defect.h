// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

namespace socbridge::spool {

// What repair() (spool/repair.h) can do about a defect.
enum class Repair { none, make_folder, set_mode, chown_to_owner };

// One thing that is wrong with a spool.
struct Defect {
  std::string path;     // below the spool; empty: the spool itself
  std::string problem;  // missing, type, owner, mode, links, full, read-only, stopped, stale,
                        // orphan, damaged, name, reason (docs/queue.md)
  std::string detail;   // one line for people
  std::string action;  // what repairs it: "remove", "move to corrupt/", "chmod 0600", …; empty: a
                       // person has to
  bool repaired = false;
  std::string error = {};  // why it could not be repaired
  std::string cure = {};   // for a person: what to do; empty: socctl queue fsck
  bool stops = false;      // because of it alerts are not stored or not delivered
  Repair repair = Repair::none;
  mode_t mode = 0;  // that it is to have
};

}  // namespace socbridge::spool
