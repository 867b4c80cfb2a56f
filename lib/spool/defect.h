// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

namespace socbridge::spool {

// Actions of repair() (spool/repair.h).
enum class Repair { none, make_folder, set_mode, chown_to_owner };

// A defect of a spool.
struct Defect {
  std::string path;     // below the spool; empty: the spool itself
  std::string problem;  // missing, type, owner, mode, links, full, read-only, stopped, stale,
                        // orphan, damaged, name, reason (docs/queue.md)
  std::string detail;   // one line for people
  std::string action;  // the repair: "remove", "move to corrupt/", "chmod 0600", …; empty: only the
                       // operator can repair it
  bool repaired = false;
  std::string error = {};  // why the repair failed
  std::string cure = {};   // remedy for the operator; empty: socctl queue fsck
  bool stops = false;      // it stops storing or delivering alerts
  Repair repair = Repair::none;
  mode_t mode = 0;  // required mode
};

}  // namespace socbridge::spool
