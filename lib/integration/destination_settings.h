// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "integration/settings.h"

namespace socbridge::integration {

// The settings for one destination, and their errors.
struct DestinationSettings {
  Settings settings;
  std::vector<Status> errors;  // usage, one line each
  std::string key_file;        // the file of its key, if any
};

// `name` empty: the top-level keys. Otherwise they are the defaults for keys that the destination
// does not set, except: with its own URL it inherits neither key, organisation, version, client
// certificate, pinned keys nor `insecure`; with its own proxy, no proxy login; with its own CA, no
// other CA. So no key, certificate or login reaches a server or proxy that it is not for. Reads the
// key file. Errors: first those of the whole configuration (Loaded::common_errors), then an unknown
// name, no URL, no key, a refused key file.
DestinationSettings settings_for(const Loaded& loaded, const std::string& name);

}  // namespace socbridge::integration
