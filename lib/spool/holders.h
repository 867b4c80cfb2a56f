#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "base/env.h"

namespace socbridge::spool {

// Inodes of all files that some process holds an flock on, read from /proc/locks: tells which
// entries are claimed without claiming them. For showing only: it is a moment's picture, inode
// numbers of other file systems are among them, and processes of other PID namespaces are not.
std::unordered_set<std::uint64_t> locked_inodes(Env& env);

// The same from the text of /proc/locks.
std::unordered_set<std::uint64_t> parse_locks(std::string_view text);

}  // namespace socbridge::spool
