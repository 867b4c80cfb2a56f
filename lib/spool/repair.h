// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/status.h"
#include "spool/defect.h"
#include "spool/inspect.h"

namespace socbridge::spool {

// When root gives the spool's folder itself to its user.
enum class GiveFolder {
  never,
  if_spool,          // it holds `tmp`, `queue` and nothing but what a spool consists of
  if_spool_or_empty  // the same, or nothing yet: for a folder that only a spool has the name of
};

struct RepairPlace {
  const std::string& dir;  // the spool
  const Whose& whose;
  GiveFolder give_folder;
};

// Does what `defect.repair` says, in the folder `dir` whose user `whose` is. For root, who is the
// only one that may give files away, in a folder that user may write to and exchange meanwhile:
// modes are set and folders made only where the spool is still that user's. No link is followed
// below `dir`, and a file is given to the user only if it has one name and its content is the
// spool's own (an entry whose checksum fits, a reason, the files in state/). A folder is given only
// if it is no link, no other user may write where it lies, and all names in it are the spool's, the
// spool's folder itself as `give_folder` says: its user may have named any folder of root's in the
// configuration. Otherwise a user could move a file of root's into the spool and become its owner.
// What is only cached (state/, tmp/, in-flight) and fails that is removed instead, `in-flight`
// always, unless it is locked; then `defect.action` says so. Errors: one line, nothing was changed.
Status repair(const RepairPlace& place, Defect& defect);

}  // namespace socbridge::spool
