// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "profile/offers.h"

namespace socbridge::profile {

// TheHive according to Wazuh's configuration, as custom-w2thive reads it: from etc/w2thive.json and
// the options, <hook_url> and <api_key> of the first block of its name in ossec.conf that yields a
// URL and a key; or from etc/w2thive.json alone. The key is the key itself, not `file:PATH`.
// `ossec_conf` empty: HOME/etc/ossec.conf.
//
// As root this runs in a child process that has become the home's user: a file that this user may
// not read is not read, even if its configuration names it as key.
//
// Files that are missing, or that this user may not read, are ignored unless `ossec_conf` is named.
// Errors (usage): a home or a file that others may write, a key file that cannot be used, a broken
// configuration without URL or key.
Result<Offer> read_wazuh_offer(Env& env, const std::string& home, const std::string& ossec_conf);

}  // namespace socbridge::profile
