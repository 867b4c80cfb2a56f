// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "spool/inspect.h"

namespace socbridge::spool {

// Whether root may make a spool at `dir` for the user of the Wazuh home `home`, or give it to that
// user: directly in HOME/queue, or /var/spool/w2thive. The configuration is that user's, who may
// name any folder, such as a drop-in folder of systemd.
bool may_be_spool(const std::string& dir, const std::string& home);

// "set spool_dir to HOME/queue/w2thive".
std::string name_own_folder(const std::string& home);

// What makes a spool that is not there and that `whose` cannot make. A command that makes it is
// only given if no one but root can lead that elsewhere.
std::string how_to_make(const std::string& dir, const Whose& whose);

}  // namespace socbridge::spool
