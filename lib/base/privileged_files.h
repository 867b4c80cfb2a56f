// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/durable_file.h"
#include "base/env.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge {

// Files that the operator named on the command line, for a process that starts as root and
// continues as another user. That user may not be able to open them, and must not be able to make
// root read anything else. A second process keeps root's rights: it reads no configuration and
// parses nothing; it only opens what was named before the user changed.
struct PrivilegedFiles {
  std::vector<std::string> readable;  // files, or folders with content; empty: none
  std::string replaceable;            // one output file, or empty
};

// Starts that process. Call it once, before become_user() and before threads are started. The
// process ends with this one and follows no links below a named folder. Errors (failure): it cannot
// be started.
Status keep_files(const PrivilegedFiles& files);

// Used by Env::real() and open_trusted() when the kernel refuses with EACCES. `path` must be one of
// the named paths, spelled as it was named, or lie below one; else the error is EACCES.
// Thread-safe.
Result<Fd> open_kept(const std::string& path);
// The same, if only root may write any part of the path (open_trusted() as root).
Result<Fd> open_kept_trusted(const std::string& path, PathKind kind);

// replace_for_readers(), done by the process that keeps root's rights if it runs and `path` is the
// named output; else by this one. Thread-safe.
Status replace_kept(Env& env, const std::string& path, std::string_view bytes, Readers readers);

}  // namespace socbridge
