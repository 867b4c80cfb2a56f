#pragma once

#include <string>

#include "base/status.h"
#include "spool/defect.h"
#include "spool/inspect.h"

namespace socbridge::spool {

// Does what `defect.repair` says, in the folder `dir` whose user `whose` is. For root, who is the
// only one that may give files away, in a folder that user may write to: no link is followed below
// `dir`, and a file is given to the user only if it has one name and its content is the spool's own
// (an entry whose checksum fits, a reason, the files in state/). Otherwise a user could move a file
// of root's into the spool and become its owner. What is only cached (state/, tmp/, in-flight) and
// fails that is removed instead, `in-flight` always, unless it is locked; then `defect.action` says
// so. Errors: one line, nothing was changed.
Status repair(const std::string& dir, const Whose& whose, Defect& defect);

}  // namespace socbridge::spool
