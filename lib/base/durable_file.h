// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge {

// The folder that a path lies in: "." for a bare name, "/" for one in the root.
std::string folder_of(const std::string& path);

// Replaces a file (mode 0600) so that after a crash or power loss it holds either the old bytes or
// the new ones: writes `PATH.new` in the same folder, fsync, rename, fsync of the folder. One
// writer at a time; the file of a killed writer is replaced. A link is replaced, not followed.
// Errors (usage): the path, or the target of a link there, is a device, pipe, socket or folder; or
// it is a link below /dev or /proc.
Status replace_durably(Env& env, const std::string& path, std::string_view bytes);

// Who besides the owner may read a file. by_umask: as the umask permits. all: every user, even with
// umask 0077 (the node exporter's textfile collector runs as another user).
enum class Readers { by_umask, all };

// Replaces a file (mode 0644) atomically, so that no reader sees part of it: writes `PATH.PID.new`
// in the same folder, then renames it. Not synced: for data that can be generated again. Errors as
// replace_durably().
Status replace_for_readers(Env& env, const std::string& path, std::string_view bytes,
                           Readers readers);

// Checks whether a file that the operator named (`-`: standard output) can be replaced. To be
// called before the output is collected. Errors (usage, one line with the remedy): the folder does
// not exist; the path is a folder, device, pipe or socket, or a link, which would itself be
// replaced.
Status check_output(Env& env, const std::string& path);

}  // namespace socbridge
