// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge {

// The folder that a path lies in: "." for a bare name, "/" for one in the root.
std::string folder_of(const std::string& path);

// Replaces a file (mode 0600) so that after a crash or power loss it holds either the old bytes or
// the new ones: `PATH.new` beside it, fsync, rename, fsync of the folder. One writer at a time;
// what a killed one left is replaced. A link is replaced, not followed. Errors (usage): the path,
// or what a link there leads to, is a device, pipe, socket or folder; it is a link below /dev or
// /proc.
Status replace_durably(Env& env, const std::string& path, std::string_view bytes);

// Who may read a file beside its owner: by_umask: whom the umask lets; all: every user, also if the
// umask of a service is 0077 (the textfile collector of Prometheus' node exporter is another user).
enum class Readers { by_umask, all };

// Replaces a file (mode 0644) atomically, so that no reader sees a part of it: `PATH.PID.new`
// beside it, then rename. Not synced: for what can be made again. Errors as replace_durably().
Status replace_for_readers(Env& env, const std::string& path, std::string_view bytes,
                           Readers readers);

// Whether a file that the operator named, or - for standard output, can be replaced, to be asked
// before what goes into it is gathered. Errors (usage, one line with the cure): its folder is not
// there, it is a folder, device, pipe or socket, or a link, which would be replaced itself.
Status check_output(Env& env, const std::string& path);

}  // namespace socbridge
