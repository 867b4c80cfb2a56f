// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <cerrno>

#include "base/text.h"

namespace socbridge {

bool FileInfo::is_file() const { return S_ISREG(mode); }
bool FileInfo::is_dir() const { return S_ISDIR(mode); }

const char* FileInfo::kind() const {
  if (S_ISREG(mode)) return "a file";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISLNK(mode)) return "a link";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::shared_ptr<Env>> Env::within(const std::string& /*folder*/) {
  return std::shared_ptr<Env>(std::shared_ptr<Env>(), this);  // not owned
}

Result<std::string> Env::read_file(const std::string& path, std::size_t max_bytes) {
  auto fd = open_read(path);
  if (!fd.ok()) return fd.status();
  auto text = read_all(fd->get(), max_bytes);
  if (text.ok()) return text;
  const int e = text.status().sys_errno();
  Status status = Status::error(text.status().code(),
                                "cannot read " + printable(path) + ": " + text.status().message());
  status.with_errno(e);
  return status;
}

Result<bool> Env::lock(int fd, const Deadline& deadline, const std::function<bool()>& stop) {
  constexpr std::int64_t kFirstPauseMs = 1, kLongestPauseMs = 20;
  for (std::int64_t pause_ms = kFirstPauseMs;; pause_ms = std::min(pause_ms * 2, kLongestPauseMs)) {
    auto mine = try_lock(fd);
    if (!mine.ok() || *mine || deadline.passed() || (stop && stop())) return mine;
    sleep_ms(std::min(pause_ms, deadline.left_ms()));
  }
}

Status Env::make_dirs(const std::string& path, mode_t mode) {
  if (path.empty() || path == "/" || path == ".") return {};
  const auto there = stat(path);
  if (there.ok()) {
    if (there->is_dir()) return {};
    return Status::error(ExitCode::failure, printable(path) + " is not a folder");
  }
  const std::size_t slash = path.find_last_of('/');
  if (slash != std::string::npos && slash > 0) {
    const Status parent = make_dirs(path.substr(0, slash), mode);
    if (!parent.ok()) return parent;
  }
  const Status made = mkdir(path, mode);
  if (!made.ok()) return made.sys_errno() == EEXIST ? Status() : made;
  // A folder is a name in its parent: without this, power loss could remove it and its content.
  if (slash == std::string::npos) return fsync_dir(".");
  return fsync_dir(slash == 0 ? "/" : path.substr(0, slash));
}

}  // namespace socbridge
