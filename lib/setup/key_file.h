// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "setup/step.h"

namespace socbridge::setup {

// The key in the file, or nothing if there is no file. Errors (usage): a file or path that others
// may read or change, with the cure (config/key_file.h).
Result<std::optional<Secret>> read_key_file(const std::string& path);

// Writes the key with mode 0600 by rename, so that the file holds one key or the other, never half
// of one. The folder is made (0700) if only it is missing. Errors: a folder that others may change
// (usage), failure with errno.
Status write_key_file(Env& env, const std::string& path, const Secret& key);

// Whether write_key_file() would succeed: makes the folder, and writes and removes as much beside
// the file. Errors: as write_key_file().
Status prepare_key_file(Env& env, const std::string& path);

// Where the key of a product's user is kept if the operator names no file: /etc/socctl for root,
// else `home`/.config/socctl.
std::string default_key_file(const std::string& product, const std::string& home);

// What names product and key file in socctl's configuration, printable JSON. The path is made
// absolute: there a relative one is beside the configuration file.
std::string configuration_of(const std::string& product, const std::string& url,
                             const std::string& key_file);

}  // namespace socbridge::setup
