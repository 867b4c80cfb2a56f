// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/privileges.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge::wazuh {

// Who works in a Wazuh home: the user of integratord and of all that lies in etc, logs and queue.
// `wazuh`, or before Wazuh 4.3 `ossecm` (or `ossec` where that is not), if the home, its etc or its
// queue belongs to that user or its group (installers make them so); else, if the home is root's,
// the owner of etc, logs or queue, the first that is not root; else root. Empty if there is no
// home.
std::optional<User> home_user(Env& env, const std::string& home);

// Who may own and write what is used of that home: root, the process's user, the home's user and
// its group; before Wazuh 4.3 also `ossec`, who owns etc and logs there.
Trust home_trust(Env& env, const std::string& home);

// Whether the home itself may be used: every component of its path belongs to root, to the
// process's user or to the user `wazuh` (`ossecm`, `ossec`) of this machine and may be written by
// no one else. No such folder is no error. Errors: usage, with the component and the cure
// (is_distrust()).
Status check_home(Env& env, const std::string& home);

// Whether this process may enter the home and its etc. No such folder is no error. Failure: it may
// not, with the folder that is closed and the user who may.
Status may_enter(Env& env, const std::string& home);

// Before anything of the home is read: checks it, and as root becomes its user for good. Without
// effect for other users and if there is no such folder. Not thread safe.
Status enter_home(Env& env, const std::string& home);

}  // namespace socbridge::wazuh
