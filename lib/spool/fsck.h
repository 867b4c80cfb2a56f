#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/env.h"
#include "spool/spool.h"

namespace socbridge::spool {

// One thing that is wrong with a spool.
struct Defect {
  std::string path;     // below the spool
  std::string problem;  // stale, orphan, damaged, mode, owner, name, missing, reason
  std::string detail;   // one line for people
  std::string
      action;  // what mends it: "remove", "move to corrupt/", "chmod 0600", …; empty: a person
  bool mended = false;
  std::string error;  // why it could not be mended
};

struct FsckOptions {
  bool mend = true;
  std::int64_t stale_ms = 3600000;  // age from which unlocked files of tmp/ are litter
};

struct FsckTotals {
  std::uint64_t entries = 0, defects = 0, mended = 0;
};

// Reads the whole spool and mends what it can without losing an alert:
//   stale    unlocked files of tmp/: what crashes left; none of them was ever accepted
//   orphan   reasons without an entry
//   reason   reasons that cannot be read: removed, the entry stays
//   damaged  entries whose checksum does not fit: to corrupt/
//   mode     folders that are not 0700, files that are not 0600 (entries without a reason: or 0400)
//   owner    files that belong to another user than the spool's folder (chown needs root)
//   name     entries under a name that is no id: stored anew under one; other files are only told
//   missing  folders that are not there
// Entries that somebody works on are passed over. `on_defect` is called for each, after mending.
Result<FsckTotals> fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
                        const std::function<void(const Defect&)>& on_defect);

}  // namespace socbridge::spool
