// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/durable_file.h"
#include "base/env.h"
#include "base/status.h"
#include "base/trusted_path.h"

namespace socbridge {

// Files that the operator named on the command line, for a process that started as root and goes on
// as another user. That user may not be able to reach them, and must not be able to make root read
// anything else. A second process keeps root's rights: it reads no configuration and parses
// nothing, it only opens what was named before the user changed.
struct KeptFiles {
  std::vector<std::string> readable;  // files, or folders with all that lies below; empty ones none
  std::string replaceable;            // one output file, or empty
};

// Starts that process, once, before become_user() and before threads. It ends with this process.
// Below a named folder it follows no links. Errors (failure): it cannot be started.
Status keep_files(const KeptFiles& files);

// What Env::real() and open_trusted() ask when the kernel refuses with EACCES. `path` must be one
// of the named ones, written as it was named, or lie below one. Errors carry EACCES if it is none
// of them. Thread safe.
Result<Fd> open_kept(const std::string& path);
// The same if the whole path may be written by root alone (open_trusted() as root).
Result<Fd> open_kept_trusted(const std::string& path, PathKind kind);

// replace_for_readers() by the process that keeps root's rights, if `path` is the named output and
// there is such a process; else by this one. Thread safe.
Status replace_kept(Env& env, const std::string& path, std::string_view bytes, Readers readers);

}  // namespace socbridge
