// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/secret.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge::config {

// How the key files of one configuration are found and checked.
struct KeyFileRules {
  std::string folder;  // relative paths are below it; empty: below the working directory
  Trust trust;         // who may own the file and the folders on its way; whose groups may read it
};

// The path that a setting `file:PATH` names; empty if the setting is a key itself.
std::string key_file_of(const Secret& setting, const KeyFileRules& rules);

// The key of a setting: the setting itself, or the first line of the file that it names, trimmed.
//
// Refused is a file whose path others may change (open_trusted()), that does not belong to root or
// a trusted user, that a user other than its owner may write, that all users may read, that a group
// may read which is neither root's, nor the process's, nor a trusted one; that is no regular file,
// is empty or larger than 4 KiB, or holds control characters. Errors: usage, one line, never the
// key.
Result<Secret> read_key(const Secret& setting, const KeyFileRules& rules);

}  // namespace socbridge::config
