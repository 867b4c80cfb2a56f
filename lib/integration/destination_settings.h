// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "integration/settings.h"

namespace socbridge::integration {

// The settings for one destination, and what is wrong with them.
struct DestinationSettings {
  Settings settings;
  std::vector<Status> errors;  // usage, one line each
  std::string key_file;        // where its key was read from, if it is a file
};

// `name` empty: what the keys at the top describe. Else they hold for what the destination does not
// say itself, but for this: with a URL of its own it gets neither key, organisation, version,
// client certificate, pinned keys nor `insecure` of the top; with a proxy of its own no login of
// another; with a CA of its own no other CA. So no key, certificate or login meets a server or
// proxy that it is not for. Reads the key file. Errors: those of the whole configuration
// (Loaded::common_errors) first, an unknown name, no URL, no key, a key file that is refused.
DestinationSettings settings_for(const Loaded& loaded, const std::string& name);

}  // namespace socbridge::integration
