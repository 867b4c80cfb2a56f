// SPDX-License-Identifier: Apache-2.0
#include "grouping/bucket_counter.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "hash/digest.h"
#include "spool/spool.h"

namespace socbridge::grouping {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr std::uint64_t kNamedBytes = std::uint64_t{2} << 20;
constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::int64_t kWaitMs = 500;
constexpr std::size_t kMostFiles = 10000;
constexpr std::size_t kFilesLeft = 9000;
constexpr UnixMillis kForgottenMs = UnixMillis{32} * 24 * 3600 * 1000;

// Removes a bucket's file, unless a process has locked it or its summary is not delivered yet.
void forget(Env& env, const std::string& state_dir, const std::string& path) {
  const auto fd = env.open_rw(path, kFileMode);
  if (!fd.ok()) return;
  const auto locked = env.try_lock(fd->get());
  if (!locked.ok() || !*locked) return;
  const auto bytes = env.read_all(fd->get(), kMostBytes);
  if (!bytes.ok()) return;
  const std::string text = "\n" + *bytes;
  for (std::size_t at = text.find("\nt "); at != std::string::npos;
       at = text.find("\nt ", at + 1)) {
    const std::size_t start = at + 3;
    if (entry_waits(env, state_dir, text.substr(start, text.find_first_of(" \n", start) - start)))
      return;
  }
  static_cast<void>(env.unlink(path));
}

// Removes files that are no longer needed. A bucket in use was touched recently.
void sweep(Env& env, const std::string& state_dir, const std::string& folder) {
  const auto names = env.list_dir(folder);
  if (!names.ok()) return;
  std::vector<std::pair<std::int64_t, std::string>> files;
  const UnixMillis now = wall_now_ms();
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    const auto info = env.lstat(path);
    if (!info.ok()) continue;
    if (info->mtime_ms < now - kForgottenMs) {
      forget(env, state_dir, path);
    } else {
      files.emplace_back(info->mtime_ms, path);
    }
  }
  if (files.size() <= kMostFiles) return;
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kFilesLeft < files.size(); ++i) {
    forget(env, state_dir, files[i].second);
  }
}

// Whether the path still names the open file; if not, the file was removed while waiting for its
// lock.
bool is_current(Env& env, int fd, const std::string& path) {
  const auto open = env.fstat(fd);
  const auto there = env.lstat(path);
  return open.ok() && there.ok() && open->inode == there->inode && open->device == there->device;
}

// One in 64 new files triggers a scan of all.
bool is_sweepers_turn(const std::string& id) {
  constexpr std::string_view kOneIn64 = "0123";
  const std::string hex = sha256_hex(id);
  return hex[0] == '0' && kOneIn64.find(hex[1]) != std::string_view::npos;
}

Result<Fd> open_file(Env& env, const std::string& folder, const std::string& path) {
  auto fd = env.open_rw(path, kFileMode);
  if (!fd.ok() && fd.status().sys_errno() == ENOENT) {
    const Status made = env.mkdir(folder, kFolderMode);
    if (!made.ok() && made.sys_errno() != EEXIST) return made;
    fd = env.open_rw(path, kFileMode);
  }
  return fd;
}

// Opens the bucket's file and locks it.
Result<Fd> open_locked(Env& env, const std::string& folder, const std::string& id) {
  const std::string path = folder + "/" + id;
  const Deadline deadline = Deadline::after_ms(kWaitMs);
  while (true) {
    auto fd = open_file(env, folder, path);
    if (!fd.ok()) return fd;
    const auto locked = env.lock(fd->get(), deadline);
    if (!locked.ok()) return locked.status();
    if (*locked && is_current(env, fd->get(), path)) return fd;
    if (deadline.passed()) {
      return Status::error(ExitCode::failure, "bucket " + id + " is busy");
    }
  }
}

}  // namespace

bool entry_waits(Env& env, const std::string& state_dir, const std::string& entry) {
  if (entry.empty() || entry.find('/') != std::string::npos) return false;
  const std::string spool_dir = state_dir.substr(0, state_dir.rfind('/'));
  for (const spool::State state : {spool::State::queue, spool::State::hold, spool::State::dead}) {
    const std::string path = spool_dir + "/" + spool::state_name(state) + "/" + entry + ".alert";
    if (env.lstat(path).ok()) return true;
  }
  return false;
}

Result<BucketCounter> BucketCounter::open(Env& env, const std::string& state_dir,
                                          const std::string& id) {
  const std::string folder = state_dir + "/buckets";
  auto fd = open_locked(env, folder, id);
  if (!fd.ok()) return fd.status();
  BucketCounter counter(env, std::move(*fd), folder);
  if (const Status read = counter.read(); !read.ok()) return read;
  if (counter.end_ == 0) {
    counter.fresh_ = true;
    if (is_sweepers_turn(id)) sweep(env, state_dir, folder);
  }
  return counter;
}

Status BucketCounter::read() {
  const auto bytes = env_->read_all(fd_.get(), kMostBytes);
  if (!bytes.ok()) return bytes.status();
  std::size_t start = 0;
  for (std::size_t end = bytes->find('\n'); end != std::string::npos;
       end = bytes->find('\n', start)) {
    line(std::string_view(*bytes).substr(start, end - start));
    start = end + 1;
  }
  end_ = start;
  return {};
}

void BucketCounter::line(std::string_view text) {
  if (text == "+") {
    ++view_.unnamed;
    return;
  }
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.size() == 4 && words[0] == "m") {
    const auto ms = parse_u64(words[2]);
    const auto level = parse_u64(words[3]);
    view_.members.push_back({std::string(words[1]), static_cast<UnixMillis>(ms.value_or(0)),
                             static_cast<int>(level.value_or(0))});
  } else if (words.size() == 2 && words[0] == "o") {
    view_.observables.emplace(words[1]);
  } else if (words.size() == 2 && words[0] == "b") {
    view_.base = parse_u64(words[1]).value_or(0);
  } else if ((words.size() == 2 || words.size() == 3) && words[0] == "t") {
    view_.entries[words.size() == 3 ? std::string(words[2]) : ""] = std::string(words[1]);
  }
}

Status BucketCounter::append(const std::string& line) {
  const Status written = env_->write_at(fd_.get(), end_, line + "\n");
  if (written.ok()) end_ += line.size() + 1;
  return written;
}

Result<std::uint64_t> BucketCounter::add(const Member& member) {
  for (std::size_t i = 0; i < view_.members.size(); ++i) {
    if (view_.members[i].ref == member.ref) return std::uint64_t{i};
  }
  const std::uint64_t place = view_.count();
  if (end_ < kNamedBytes) {
    const Status added =
        append("m " + member.ref + " " + std::to_string(std::max<UnixMillis>(member.time_ms, 0)) +
               " " + std::to_string(member.level));
    if (!added.ok()) return added;
    view_.members.push_back(member);
  } else if (end_ + 2 < kMostBytes) {
    if (const Status added = append("+"); !added.ok()) return added;
    ++view_.unnamed;
  }
  return place;
}

Status BucketCounter::add_observables(const std::vector<std::string>& digests) {
  std::string lines;
  for (const std::string& digest : digests) {
    if (!view_.observables.insert(digest).second) continue;
    lines += (lines.empty() ? "o " : "\no ") + digest;
  }
  return lines.empty() ? Status() : append(lines);
}

Status BucketCounter::set_base(std::uint64_t base) {
  view_.base = base;
  return append("b " + std::to_string(base));
}

Status BucketCounter::set_entry(const std::string& id, const std::string& destination) {
  view_.entries[destination] = id;
  return append("t " + id + (destination.empty() ? "" : " " + destination));
}

std::string BucketCounter::id_at(const std::string& bucket_id, const std::string& destination) {
  constexpr std::size_t kDigits = 32;
  if (destination.empty()) return bucket_id;
  return "d-" + sha256_hex(destination + "\n" + bucket_id).substr(0, kDigits);
}

Status BucketCounter::sync() {
  const Status synced = env_->fsync(fd_.get());
  return synced.ok() && fresh_ ? env_->fsync_dir(folder_) : synced;
}

std::string BucketCounter::digest(std::string_view data_type, std::string_view data) {
  constexpr std::size_t kDigits = 16;
  return sha256_hex(std::string(data_type) + "\n" + std::string(data)).substr(0, kDigits);
}

}  // namespace socbridge::grouping
