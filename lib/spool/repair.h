// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "spool/defect.h"
#include "spool/inspect.h"

namespace socbridge::spool {

// When root may give the spool's folder itself to its user.
enum class GiveFolder {
  never,
  if_spool,          // it has `tmp`, `queue` and nothing foreign
  if_spool_or_empty  // the same, or it is empty: for a path that only spools have
};

struct RepairPlace {
  const std::string& dir;  // the spool
  const Whose& whose;
  GiveFolder give_folder;
};

// Performs `defect.repair` in the folder `dir`, which belongs to the user `whose`. As root it works
// in a folder that this user may write to and replace meanwhile; only root may give files away.
// Modes are set and folders created only where the spool still belongs to that user. No link below
// `dir` is followed. A file is given to the user only if it has one hard link and the content of a
// spool's file (an entry with a matching checksum, a reason, the files in state/). A folder is
// given only if it is not a link, no other user may write to its parent, and all names in it are a
// spool's; the spool's folder itself as `give_folder` allows, because its user may have named any
// folder of root in the configuration. Otherwise a user could move a file of root into the spool
// and become its owner. Cached files (state/, tmp/, in-flight) that fail these checks are removed
// instead; `in-flight` is always removed, unless it is locked. `defect.action` then says so.
// Errors: one line, nothing was changed.
Status repair(const RepairPlace& place, Defect& defect);

}  // namespace socbridge::spool
