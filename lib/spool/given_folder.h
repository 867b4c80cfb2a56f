// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "spool/inspect.h"

namespace socbridge::spool {

// Whether root may create a spool at `dir` for the user of the Wazuh home `home`, or give it to
// that user: directly in HOME/queue, or /var/spool/w2thive. The configuration belongs to that user,
// who may name any folder in it, such as a drop-in folder of systemd.
bool may_be_spool(const std::string& dir, const std::string& home);

// "set spool_dir to HOME/queue/w2thive".
std::string name_own_folder(const std::string& home);

// Remedy for a missing spool that `whose` cannot create. It is a command only if no user but root
// can redirect the path.
std::string how_to_make(const std::string& dir, const Whose& whose);

}  // namespace socbridge::spool
