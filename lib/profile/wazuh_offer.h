// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/env.h"
#include "base/status.h"
#include "profile/offers.h"

namespace socbridge::profile {

// Where TheHive is by Wazuh's own configuration: what custom-w2thive takes from etc/w2thive.json,
// the options, <hook_url> and <api_key> of the first block of its name in ossec.conf that gives a
// URL and a key; or from etc/w2thive.json alone. The key is the key itself, not `file:PATH`.
// `ossec_conf` is empty for HOME/etc/ossec.conf.
//
// As root this is read in a child process that has become the home's user: what that user may not
// read is not read, whatever file its configuration names as key.
//
// Files that are missing or not for this user's eyes say nothing, unless ossec_conf is named.
// Errors (usage): a home or a file that others may write, a key file that cannot be used, a broken
// configuration that gives no URL or no key.
Result<Offer> read_wazuh_offer(Env& env, const std::string& home, const std::string& ossec_conf);

}  // namespace socbridge::profile
