// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/key_file.h"
#include "config/settings.h"
#include "http/client.h"
#include "integration/endpoint_keys.h"

namespace socbridge::integration {

// The warning of logs and checks if certificates are not checked.
inline constexpr const char* kInsecure =
    "insecure is set: the certificate of TheHive is not checked, so an attacker on the path can "
    "read and change alerts and the key";

// Sets client certificate, pinned keys, `insecure`, and the proxy's login. Errors, each with its
// position in the file: a key file that others may read or change, a certificate without a key or
// vice versa, an invalid pinned key, a login without a proxy or without a colon.
void set_tls(const Keys& keys, const std::string& home, const config::KeyFileRules& rules,
             http::ClientOptions& http, std::vector<Status>& errors);

}  // namespace socbridge::integration
