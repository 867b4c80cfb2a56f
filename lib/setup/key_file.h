// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"
#include "setup/step.h"

namespace socbridge::setup {

// The key in the file, or empty if there is no file. Errors (usage): a file or path that others may
// read or change, with the command to fix it (config/key_file.h).
Result<std::optional<Secret>> read_key_file(const std::string& path);

// Writes the key with mode 0600 by rename, so that the file always has a complete key. The last
// folder is created (0700) if it is missing. Errors: usage for a folder that others may change,
// failure with errno.
Status write_key_file(Env& env, const std::string& path, const Secret& key);

// Checks that write_key_file() would succeed: creates the folder, and writes and removes a file of
// the same size. Errors: like write_key_file().
Status prepare_key_file(Env& env, const std::string& path);

// Default file for the key of a product's user: below /etc/socctl for root, else
// `home`/.config/socctl.
std::string default_key_file(const std::string& product, const std::string& home);

// The configuration entry of a product with its key file, printable JSON. The path is made
// absolute: in the configuration file relative ones are relative to that file.
std::string configuration_of(const std::string& product, const std::string& url,
                             const std::string& key_file);

}  // namespace socbridge::setup
