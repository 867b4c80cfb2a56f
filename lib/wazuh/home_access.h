// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/privileges.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge::wazuh {

// The user who owns the data of a Wazuh home and runs integratord: `wazuh`, or before Wazuh 4.3
// `ossecm` (or `ossec` if that does not exist), if the home, its etc or its queue belongs to that
// user or its group, as installers set it. Else, if root owns the home, the first owner of etc,
// logs or queue that is not root. Else root. Empty if the home does not exist.
std::optional<User> home_user(Env& env, const std::string& home);

// Who may own and write files of the home: root, the process's user, the home's user and its group;
// before Wazuh 4.3 also `ossec`, who owns etc and logs.
Trust home_trust(Env& env, const std::string& home);

// Whether the home may be used: every component of its path belongs to root, the process's user or
// this machine's user `wazuh` (`ossecm`, `ossec`), and no other user may write it. A missing folder
// is not an error. Errors: usage, with the component and the remedy
// (is_distrust()).
Status check_home(Env& env, const std::string& home);

// Whether this process may enter the home and its etc. A missing folder is not an error. Error
// (failure): it may not, with the folder and the user who may.
Status may_enter(Env& env, const std::string& home);

// To be called before anything in the home is read: checks the home, and as root becomes its user
// permanently. Does nothing for other users or if the folder is missing. Not thread-safe.
Status enter_home(Env& env, const std::string& home);

}  // namespace socbridge::wazuh
