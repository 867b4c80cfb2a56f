// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge {

// Who may own and write the path. root and its group always may.
struct Trust {
  std::vector<uid_t> users;
  std::vector<gid_t> groups;  // whose members may write
  // Whose links are followed. `of_root`: for a root process in folders that another user may
  // change. A link of that user could lead to a file that only root may read.
  enum class Links { of_trusted, of_root };
  Links links = Links::of_trusted;

  bool has_user(uid_t uid) const;
  bool has_group(gid_t gid) const;
  // The effective user of the process, and its group if it is that user's own (the same number).
  static Trust of_process();
};

enum class PathKind { file, folder };

// Opens a file or folder for reading if only trusted users can replace or change it. Every
// component of the path from / on, with links resolved, must belong to a trusted user and be
// writable by trusted users and groups only. A link must belong to a trusted user too. In a folder
// that is writable for all users but sticky (/tmp) the next component decides; as the last
// component such a folder is not trusted.
//
// Each component is opened below the one checked before, without following links, and checked by
// its descriptor, so that nothing can be replaced in between. Opening never waits for the other end
// of a FIFO. A relative path starts at the working directory, whose own path is checked too.
//
// Errors: usage, with the component, who owns it or may write it, and the command that corrects it;
// or failure with errno of the call (ENOENT: the file does not exist). Thread-safe.
Result<Fd> open_trusted(const std::string& path, const Trust& trust, PathKind kind);

// The same check without opening the last component for reading, so that it works for a file that
// this process may not read.
Status check_trusted(const std::string& path, const Trust& trust, PathKind kind);

// Whether the error means that the path is not trusted, rather than that a call failed.
bool is_distrust(const Status& status);

}  // namespace socbridge
