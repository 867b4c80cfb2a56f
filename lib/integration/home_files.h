// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/privileges.h"
#include "base/status.h"

// Files that root writes where user wazuh may write too. Owner and mode are set by descriptor, and
// a name is only ever made new or replaced by rename, so no link of that user leads anywhere else.
namespace socbridge::integration {

struct FileOwner {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;  // permission bits
};

// A file with the rights of `user`, if this process is root; EFBIG beyond max_bytes.
Result<std::string> read_as(Env& env, const User& user, const std::string& path,
                            std::size_t max_bytes);

// Makes a file that is not there yet (EEXIST), synced. Errors: failure with errno.
Status write_new_file(Env& env, const std::string& path, std::string_view bytes,
                      const FileOwner& owner);

// Replaces a file, or makes it: `PATH.new` beside it, synced, renamed over it, the folder synced.
Status replace_owned_file(Env& env, const std::string& path, std::string_view bytes,
                          const FileOwner& owner);

// Makes a folder, `PATH.new` first; EEXIST if there is something of that name. What another user
// puts in its place meanwhile is not given away.
Status make_owned_folder(Env& env, const std::string& path, const FileOwner& owner);

}  // namespace socbridge::integration
