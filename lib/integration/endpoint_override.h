// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "integration/settings.h"
#include "thehive/client.h"

namespace socbridge::integration {

// How to get to a server.
struct Way {
  std::string ca_file, ca_dir, proxy;  // empty: the system's CAs, no proxy
  std::string client_cert_file = {}, client_key_file = {}, pinned_key = {};
  bool insecure = false;
  Secret proxy_login = {};
};

// Points settings at another TheHive than the one they were loaded with. Nothing of the old way
// stays: a proxy or CA of one configuration must not see the key of another.
void override_endpoint(Settings& settings, thehive::Endpoint endpoint, Way way);

// Replaces the version by the one that the server says, so that a run over many alerts asks once.
// `remark`: set if another one was configured, one line for people. A server that does not say it
// is an error with `auto`; else the configured one stays.
Status pin_version(Settings& settings, http::Client& http, std::string& remark);

// That another version is configured than the server has, one line for people.
std::string other_version(const Settings& settings, const thehive::Client::VersionInfo& seen);

}  // namespace socbridge::integration
