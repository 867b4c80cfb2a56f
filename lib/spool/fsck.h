// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/env.h"
#include "spool/defect.h"
#include "spool/inspect.h"
#include "spool/repair.h"
#include "spool/spool.h"

namespace socbridge::spool {

struct FsckOptions {
  bool repair = true;
  std::int64_t stale_ms = 3600000;  // age from which unlocked files of tmp/ are stale
};

// Options of fsck_folders().
struct FolderCheck {
  std::string dir;
  Whose whose;
  Bounds bounds;
  bool repair = true;
  GiveFolder give_folder = GiveFolder::never;
};

struct FsckTotals {
  std::uint64_t entries = 0, defects = 0, repaired = 0;
};

// Repairs the defects of folders, files and the file system that inspect() reports, as far as this
// process may:
//   missing    missing folders: created
//   mode       folders that are not 0700, files that are not 0600 (entries without a reason may be
//              0400)
//   owner      files of another user than `whose`: given to that user, which needs root; see
//              repair()
//   type, links, read-only, full, stopped: only reported
// Nothing is repaired in a folder of another user. Root changes the owner of the spool's folder
// itself only as `give_folder` allows.
Inspection fsck_folders(Env& env, const FolderCheck& check, FsckTotals& totals,
                        const OnDefect& on_defect);

// Reads the entries and repairs what it can without losing an alert:
//   stale    unlocked files of tmp/, left by crashes; none of them was ever accepted
//   orphan   reasons without an entry: removed
//   reason   reasons that cannot be read: removed, the entry stays
//   damaged  entries whose checksum does not match: to corrupt/
//   name     entries whose name is not an id: stored again under a new one; other files are only
//            reported
// Claimed entries are skipped. `on_defect` is called for each defect, after its repair. Folders
// that cannot be read are skipped; fsck_folders() reports them.
Result<FsckTotals> fsck_entries(Env& env, Spool& spool, const FsckOptions& options,
                                UnixMillis now_ms, const OnDefect& on_defect);

// Both, as the owner of the spool's folder.
Result<FsckTotals> fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
                        const OnDefect& on_defect);

}  // namespace socbridge::spool
