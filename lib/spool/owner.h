#pragma once

#include <string>

#include "base/env.h"

namespace socbridge::spool {

// What root makes in the spool of another user that user must be able to open: gives the open file
// to the owner of the folder if we are root and it is root's. Best effort; does nothing otherwise.
void give_to_owner(Env& env, const std::string& folder, int fd);

// A new file of that owner's; errors are those of Env::create_new.
Result<Fd> create_for_owner(Env& env, const std::string& folder, const std::string& path,
                            mode_t mode);

}  // namespace socbridge::spool
