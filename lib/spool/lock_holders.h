// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/env.h"

namespace socbridge::spool {

// Inodes of all files with an flock, from /proc/locks. Shows which entries are claimed without
// claiming them. For display only: it is a snapshot, includes inode numbers of other file systems,
// and lacks processes of other PID namespaces.
std::unordered_set<std::uint64_t> locked_inodes(Env& env);

// The same from the text of /proc/locks.
std::unordered_set<std::uint64_t> parse_locks(std::string_view text);

// A process that holds a claim (flock) or has `in-flight` locked.
struct Holder {
  pid_t pid = 0;
  std::string name;      // of the executable, printable
  bool stopped = false;  // by SIGSTOP or a debugger: it neither works nor releases the lock
  std::uint64_t inode = 0;
  // "process 4711 (socctl, stopped)"
  std::string label() const;
};

// Processes that hold locks on these inodes: claims from /proc/locks, range locks of `in_flight`
// (its inode; 0: none) from /proc/PID/fdinfo, because the kernel names no process for those in
// /proc/locks. Limited to processes that /proc shows to this user and PID namespace. A snapshot,
// for display only. Linear in the number of processes.
std::vector<Holder> lock_holders(Env& env, const std::unordered_set<std::uint64_t>& inodes,
                                 std::uint64_t in_flight);

}  // namespace socbridge::spool
