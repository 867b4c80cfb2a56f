// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/secret.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge::config {

// How the key files of one configuration are found and checked.
struct KeyFileRules {
  std::string folder;  // of relative paths; empty: the working directory
  Trust trust;         // who may own the file and its folders; whose groups may read it
};

// The path that a setting `file:PATH` names; empty if the setting is a key itself.
std::string key_file_of(const Secret& setting, const KeyFileRules& rules);

// The key of a setting: the setting itself, or the trimmed first line of the file that it names.
//
// A file is refused if others may change its path (open_trusted()); if it does not belong to root
// or a trusted user; if any user but its owner may write it; if all users may read it; if a group
// may read it that is neither root's, nor the process's, nor trusted; if it is not a regular file;
// if it is empty, larger than 4 KiB or has control characters. Errors: usage, one line, never the
// key.
Result<Secret> read_key(const Secret& setting, const KeyFileRules& rules);

}  // namespace socbridge::config
