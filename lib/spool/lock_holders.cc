// SPDX-License-Identifier: Apache-2.0
#include "spool/lock_holders.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"

namespace socbridge::spool {
namespace {

constexpr std::size_t kMaxLocks = std::size_t{16} << 20;
constexpr std::size_t kMaxSmall = 65536;

struct Lock {
  pid_t pid = 0;
  std::uint64_t inode = 0;
  bool is_flock = false;
};

// `12: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF`; a waiting process has `->` before FLOCK.
std::optional<Lock> parse_lock(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() < 6) return {};
  const std::size_t colon = words[5].rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto inode = parse_u64(words[5].substr(colon + 1));
  if (!inode || (words[1] != "FLOCK" && words[1] != "OFDLCK")) return {};
  return Lock{static_cast<pid_t>(parse_u64(words[4]).value_or(0)), *inode, words[1] == "FLOCK"};
}

// State and name from /proc/PID/stat: `4711 (name, possibly with blanks) T …`.
Holder describe(Env& env, pid_t pid, std::uint64_t inode) {
  Holder holder;
  holder.pid = pid;
  holder.inode = inode;
  const auto stat = env.read_file("/proc/" + std::to_string(pid) + "/stat", kMaxSmall);
  if (!stat.ok()) return holder;
  const std::size_t open = stat->find('('), close = stat->rfind(')');
  if (open == std::string::npos || close == std::string::npos || close + 2 >= stat->size()) {
    return holder;
  }
  holder.name = printable(stat->substr(open + 1, close - open - 1), 40);
  const char state = (*stat)[close + 2];
  holder.stopped = state == 'T' || state == 't';
  return holder;
}

// Whether one of the process's open descriptors has a lock on that inode.
bool has_range_locked(Env& env, const std::string& process, std::uint64_t inode) {
  const auto numbers = env.list_dir(process + "/fdinfo");
  if (!numbers.ok()) return false;
  for (const std::string& number : *numbers) {
    const auto info =
        env.read_file(std::string(process).append("/fdinfo/").append(number), kMaxSmall);
    if (!info.ok()) continue;
    for (const std::string_view line : split(*info, '\n')) {
      constexpr std::string_view kHead = "lock:\t";
      if (!line.starts_with(kHead)) continue;
      const auto lock = parse_lock(line.substr(kHead.size()));
      if (lock && !lock->is_flock && lock->inode == inode) return true;
    }
  }
  return false;
}

}  // namespace

std::string Holder::label() const {
  std::string text = "process " + std::to_string(pid);
  if (!name.empty() || stopped) {
    text += " (" + name + (stopped ? (name.empty() ? "stopped" : ", stopped") : "") + ")";
  }
  return text;
}

std::unordered_set<std::uint64_t> parse_locks(std::string_view text) {
  std::unordered_set<std::uint64_t> inodes;
  for (const std::string_view line : split(text, '\n')) {
    if (const auto lock = parse_lock(line); lock && lock->is_flock) inodes.insert(lock->inode);
  }
  return inodes;
}

std::unordered_set<std::uint64_t> locked_inodes(Env& env) {
  const auto text = env.read_file("/proc/locks", kMaxLocks);
  return text.ok() ? parse_locks(*text) : std::unordered_set<std::uint64_t>();
}

std::vector<Holder> lock_holders(Env& env, const std::unordered_set<std::uint64_t>& inodes,
                                 std::uint64_t in_flight) {
  std::vector<Holder> holders;
  const auto text = env.read_file("/proc/locks", kMaxLocks);
  if (!text.ok()) return holders;
  bool ranges = false;
  for (const std::string_view line : split(*text, '\n')) {
    const auto lock = parse_lock(line);
    if (!lock) continue;
    if (!lock->is_flock) {
      ranges = ranges || (in_flight != 0 && lock->inode == in_flight);
    } else if (inodes.contains(lock->inode) && lock->pid > 0) {
      holders.push_back(describe(env, lock->pid, lock->inode));
    }
  }
  if (!ranges) return holders;
  const auto names = env.list_dir("/proc");
  if (!names.ok()) return holders;
  const pid_t self = ::getpid();
  for (const std::string& name : *names) {
    const auto pid = parse_u64(name);
    if (!pid || static_cast<pid_t>(*pid) == self) continue;
    if (has_range_locked(env, "/proc/" + name, in_flight)) {
      holders.push_back(describe(env, static_cast<pid_t>(*pid), in_flight));
    }
  }
  return holders;
}

}  // namespace socbridge::spool
