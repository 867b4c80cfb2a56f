// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/key_file.h"
#include "config/settings.h"
#include "http/client.h"
#include "integration/endpoint_keys.h"

namespace socbridge::integration {

// What logs and checks say where certificates are not checked.
inline constexpr const char* kInsecure =
    "insecure is set: the certificate of TheHive is not checked, so an attacker on the path can "
    "read and change alerts and the key";

// Client certificate, pinned keys, the switch that takes the checks away, and the login of the
// proxy. Errors, each with its place in the file: a key file that others may read or change, half
// of a pair, a pinned key of another form, a login without a proxy or without a colon.
void set_tls(const Keys& keys, const std::string& home, const config::KeyFileRules& rules,
             http::ClientOptions& http, std::vector<Status>& errors);

}  // namespace socbridge::integration
