// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>

#include "spool/names.h"
#include "spool/spool.h"

namespace socbridge::spool {

Status Spool::for_each(State state, const std::function<bool(std::string_view id)>& visit) {
  const std::string folder = dir_ + "/" + state_name(state);
  if (read_only_ && env_->lstat(folder).status().sys_errno() == ENOENT) return {};
  return env_->visit_dir(folder, [&](std::string_view name) {
    const std::string_view id = id_of(name);
    return id.empty() || visit(id);
  });
}

std::string Spool::entry_path(State state, std::string_view id) const {
  return path(state, id, kEntrySuffix);
}

std::optional<EntryInfo> Spool::info(State state, const std::string& id) {
  if (!is_id(id)) return {};
  const auto file = env_->stat(path(state, id, kEntrySuffix));
  if (!file.ok()) return {};
  return EntryInfo{id, file->size, file->mtime_ms};
}

Result<std::vector<EntryInfo>> Spool::list(State state) {
  std::vector<EntryInfo> out;
  const Status listed = for_each(state, [&](std::string_view id) {
    // A missing one was delivered meanwhile.
    if (auto one = info(state, std::string(id))) out.push_back(std::move(*one));
    return true;
  });
  if (!listed.ok()) return listed;
  std::sort(out.begin(), out.end(),
            [](const EntryInfo& a, const EntryInfo& b) { return a.id < b.id; });
  return out;
}

Result<std::uint64_t> Spool::tidy(UnixMillis now_ms) {
  constexpr std::int64_t kOldMs = 3600000;
  std::uint64_t removed = 0;
  std::vector<std::string> leftovers;
  const std::string tmp = dir_ + "/tmp/";
  const Status read = env_->visit_dir(dir_ + "/tmp", [&](std::string_view name) {
    const std::string file = tmp + std::string(name);
    const auto info = env_->lstat(file);
    if (!info.ok() || !info->is_file() || info->mtime_ms > now_ms - kOldMs) return true;
    // A process that is still writing it holds its lock.
    auto fd = env_->open_read(file);
    if (!fd.ok()) return true;
    const auto locked = env_->try_lock(fd->get());
    if (locked.ok() && *locked) leftovers.push_back(file);
    return true;
  });
  if (!read.ok()) return read;
  for (const State state : {State::queue, State::hold, State::dead, State::corrupt}) {
    const Status visited =
        env_->visit_dir(dir_ + "/" + state_name(state), [&](std::string_view name) {
          const std::string_view id = id_of(name, kReasonSuffix);
          if (id.empty()) return true;
          const auto entry = env_->lstat(path(state, id, kEntrySuffix));
          if (entry.status().sys_errno() != ENOENT) return true;  // it exists, or may exist
          // A reason is written before its entry is moved here: a fresh one is not stale.
          const std::string file = path(state, id, kReasonSuffix);
          const auto info = env_->lstat(file);
          if (info.ok() && info->mtime_ms <= now_ms - kOldMs) leftovers.push_back(file);
          return true;
        });
    if (!visited.ok()) return visited;
  }
  for (const std::string& file : leftovers) {
    if (env_->unlink(file).ok()) ++removed;
  }
  return removed;
}

}  // namespace socbridge::spool
