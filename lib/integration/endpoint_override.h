// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "integration/settings.h"
#include "thehive/client.h"

namespace socbridge::integration {

// CA and proxy for a server.
struct ConnectionOptions {
  std::string ca_file, ca_dir, proxy;  // empty: the system's CAs, no proxy
  std::string client_cert_file = {}, client_key_file = {}, pinned_key = {};
  bool insecure = false;
  Secret proxy_login = {};
};

// Replaces the TheHive that settings were loaded for. Nothing of the old connection stays: a proxy
// or CA of one configuration must not get the key of another.
void override_endpoint(Settings& settings, thehive::Endpoint endpoint,
                       ConnectionOptions connection);

// Sets the version that the server reports, so that a run over many alerts queries it once.
// `remark` is set (one line) if another one was configured. If the server does not report it: an
// error with `auto`, else the configured version stays.
Status pin_version(Settings& settings, http::Client& http, std::string& remark);

// One line for people: the configured version differs from the server's.
std::string other_version(const Settings& settings, const thehive::Client::VersionInfo& seen);

}  // namespace socbridge::integration
