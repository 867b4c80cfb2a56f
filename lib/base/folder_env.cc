// SPDX-License-Identifier: Apache-2.0
#include "base/folder_env.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/system_call.h"
#include "base/text.h"
#include "base/time.h"

namespace socbridge {
namespace {

using system_call::failed;
using system_call::retry;
using system_call::unlike;

constexpr std::int64_t kKeepMs = 1000;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;

bool strays(std::string_view below) {
  for (const std::string_view part : split(below, '/')) {
    if (part.empty() || part == "." || part == "..") return true;
  }
  return false;
}

}  // namespace

FolderEnv::FolderEnv(Env& outside, std::string root) : outside_(outside), root_(std::move(root)) {}

Result<std::shared_ptr<Env>> FolderEnv::open(Env& outside, const std::string& path) {
  std::string root = path;
  while (root.size() > 1 && root.back() == '/') root.pop_back();
  std::shared_ptr<FolderEnv> made(new FolderEnv(outside, std::move(root)));
  const auto opened = made->folder("");
  if (!opened.ok()) return opened.status();
  return std::shared_ptr<Env>(std::move(made));
}

std::optional<std::string_view> FolderEnv::below(const std::string& path) const {
  if (!path.starts_with(root_)) return {};
  std::string_view rest = std::string_view(path).substr(root_.size());
  if (!rest.empty() && rest.front() != '/') return {};
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  return rest;
}

std::string FolderEnv::full(std::string_view below) const {
  return below.empty() ? root_ : root_ + "/" + std::string(below);
}

Result<FolderEnv::Folder> FolderEnv::open_root() {
  auto fd = std::make_shared<const Fd>(retry([&] { return ::open(root_.c_str(), kFolderFlags); }));
  struct stat s {};
  if (!fd->valid() || ::fstat(fd->get(), &s) != 0) return failed("open folder", root_);
  const FileInfo info = system_call::to_info(s);
  const bool first = !root_info_.is_dir();
  if (first || info.uid == root_info_.uid) root_info_ = info;
  if (first) {
    gives_ = info.uid != 0 && ::geteuid() == 0;
  } else if (info.uid != root_info_.uid) {
    return failed(
        "cannot use " + printable(root_, 300) + ": it was replaced by a folder of another user",
        EPERM);
  }
  return fd;
}

Result<FolderEnv::Folder> FolderEnv::open_folder(std::string_view below) {
  if (below.empty()) return open_root();
  if (strays(below)) return failed("cannot use " + printable(full(below), 300), EINVAL);
  const std::size_t slash = below.rfind('/');
  const bool top = slash == std::string_view::npos;
  const auto parent = folder_locked(top ? std::string_view() : below.substr(0, slash));
  if (!parent.ok()) return parent.status();
  const Place where{*parent, std::string(top ? below : below.substr(slash + 1))};
  auto fd = std::make_shared<const Fd>(retry([&] {
    return ::openat(where.folder->get(), where.name.c_str(), kFolderFlags | O_NOFOLLOW);
  }));
  if (fd->valid()) return fd;
  const std::string path = full(below);
  const Status why = failed("open folder", path);
  struct stat s {};
  if (::fstatat(where.folder->get(), where.name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return why;
  const FileInfo info = system_call::to_info(s);
  return info.is_dir() ? why : unlike(path, info, "a folder", why.sys_errno());
}

Result<FolderEnv::Folder> FolderEnv::folder_locked(std::string_view below) {
  const std::int64_t now = steady_now_ms();
  if (const auto at = kept_.find(below); at != kept_.end() && now < at->second.until_ms) {
    return at->second.folder;
  }
  auto opened = open_folder(below);
  if (opened.ok()) kept_.insert_or_assign(std::string(below), Kept{*opened, now + kKeepMs});
  return opened;
}

Result<FolderEnv::Folder> FolderEnv::folder(std::string_view below) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return folder_locked(below);
}

Result<FolderEnv::Place> FolderEnv::place(std::string_view below) {
  const std::size_t slash = below.rfind('/');
  const bool top = slash == std::string_view::npos;
  auto found = folder(top ? std::string_view() : below.substr(0, slash));
  if (!found.ok()) return found.status();
  Place out{std::move(*found), std::string(top ? below : below.substr(slash + 1))};
  if (out.name.empty()) out.name = ".";
  if (out.name == "..") return failed("cannot use " + printable(full(below), 300), EINVAL);
  return out;
}

bool FolderEnv::forget_removed() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [name, one] : kept_) {
    struct stat s {};
    if (::fstat(one.folder->get(), &s) == 0 && s.st_nlink > 0) continue;
    kept_.clear();
    return true;
  }
  return false;
}

template <typename Call>
Status FolderEnv::run(std::string_view below, const char* what, Call call) {
  for (bool again = false;; again = true) {
    const auto where = place(below);
    if (!where.ok()) return where.status();
    if (retry([&] { return call(where->folder->get(), where->name.c_str()); }) != -1) return {};
    const Status why = failed(what, full(below));
    if (again || why.sys_errno() != ENOENT || !forget_removed()) return why;
  }
}

Status FolderEnv::name_what_is_there(const Place& place, const std::string& path,
                                     const Status& why) const {
  if (why.sys_errno() == ENOENT || why.sys_errno() == EEXIST) return why;
  struct stat s {};
  if (::fstatat(place.folder->get(), place.name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return why;
  const FileInfo info = system_call::to_info(s);
  return info.is_file() ? why : unlike(path, info, "a file", why.sys_errno());
}

// A file with a second hard link, which may lie anywhere, keeps its owner.
void FolderEnv::give(int fd, const FileInfo* known) const {
  if (!gives_ || (known != nullptr && (known->uid != 0 || (known->is_file() && known->links != 1))))
    return;
  // An error is ignored: some file systems have no owners.
  if (::fchown(fd, root_info_.uid, root_info_.gid) != 0) return;
}

Result<FolderEnv::Opened> FolderEnv::open_file(const std::string& path, std::string_view below,
                                               int flags, mode_t mode) {
  constexpr int kAlways = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const bool fresh = (flags & O_EXCL) != 0;
  const char* what = fresh                           ? "create"
                     : (flags & O_APPEND) != 0       ? "open for appending"
                     : (flags & O_ACCMODE) == O_RDWR ? "open for writing"
                                                     : "open";
  Opened opened;
  const Status done = run(below, what, [&](int folder, const char* name) {
    const int fd = ::openat(folder, name, flags | kAlways, mode);
    if (fd >= 0) opened.fd = Fd(fd);
    return fd;
  });
  if (!done.ok()) {
    const auto where = place(below);
    return where.ok() ? name_what_is_there(*where, path, done) : done;
  }
  if (fresh) {
    give(opened.fd.get(), nullptr);
    return opened;
  }
  struct stat s {};
  if (::fstat(opened.fd.get(), &s) != 0) return failed(what, path);
  opened.info = system_call::to_info(s);
  if (!opened.info.is_file()) {
    return unlike(path, opened.info, "a file", opened.info.is_dir() ? EISDIR : ENXIO);
  }
  if ((flags & O_CREAT) != 0) give(opened.fd.get(), &opened.info);
  return opened;
}

Result<Fd> FolderEnv::open_read(const std::string& path) {
  const auto rest = below(path);
  if (!rest) return outside_.open_read(path);
  auto opened = open_file(path, *rest, O_RDONLY, 0);
  if (!opened.ok()) return opened.status();
  return std::move(opened->fd);
}

Result<Fd> FolderEnv::create_new(const std::string& path, mode_t mode) {
  const auto rest = below(path);
  if (!rest) return outside_.create_new(path, mode);
  auto opened = open_file(path, *rest, O_CREAT | O_EXCL | O_WRONLY, mode);
  if (!opened.ok()) return opened.status();
  return std::move(opened->fd);
}

Result<Fd> FolderEnv::open_append(const std::string& path, mode_t mode) {
  const auto rest = below(path);
  if (!rest) return outside_.open_append(path, mode);
  auto opened = open_file(path, *rest, O_CREAT | O_APPEND | O_WRONLY, mode);
  if (!opened.ok()) return opened.status();
  return std::move(opened->fd);
}

Result<Fd> FolderEnv::open_rw(const std::string& path, mode_t mode) {
  const auto rest = below(path);
  if (!rest) return outside_.open_rw(path, mode);
  auto opened = open_file(path, *rest, O_CREAT | O_RDWR, mode);
  if (!opened.ok()) return opened.status();
  return std::move(opened->fd);
}

Result<std::string> FolderEnv::read_file(const std::string& path, std::size_t max_bytes) {
  const auto rest = below(path);
  if (!rest) return outside_.read_file(path, max_bytes);
  const auto opened = open_file(path, *rest, O_RDONLY, 0);
  if (!opened.ok()) return opened.status();
  auto text = system_call::read_rest(opened->fd.get(), max_bytes, opened->info.size,
                                     system_call::ShortRead::last);
  if (text.ok()) return text;
  return failed("cannot read " + printable(path, 300), text.status().sys_errno());
}

Status FolderEnv::fsync_dir(const std::string& dir) {
  const auto rest = below(dir);
  if (!rest) return outside_.fsync_dir(dir);
  const auto opened = folder(*rest);
  if (!opened.ok()) return opened.status();
  if (retry([&] { return ::fsync((*opened)->get()); }) != 0) return failed("sync folder", dir);
  return {};
}

Status FolderEnv::rename(const std::string& from, const std::string& to) {
  const auto source = below(from), target = below(to);
  if (!source || !target) {
    // Names are not moved into the folder or out of it.
    return source || target ? failed("cannot rename a file to " + printable(to, 300), EXDEV)
                            : outside_.rename(from, to);
  }
  return run(*target, "rename a file to", [&](int folder, const char* name) {
    const auto old = place(*source);
    if (!old.ok()) {
      errno = old.status().sys_errno();
      return -1;
    }
    return ::renameat(old->folder->get(), old->name.c_str(), folder, name);
  });
}

Status FolderEnv::unlink(const std::string& path) {
  const auto rest = below(path);
  if (!rest) return outside_.unlink(path);
  return run(*rest, "remove",
             [](int folder, const char* name) { return ::unlinkat(folder, name, 0); });
}

Status FolderEnv::mkdir(const std::string& path, mode_t mode) {
  const auto rest = below(path);
  if (!rest) return outside_.mkdir(path, mode);
  const Status made = run(*rest, "create folder", [&](int folder, const char* name) {
    return ::mkdirat(folder, name, mode);
  });
  if (!made.ok() || !gives_) return made;
  const auto opened = folder(*rest);
  struct stat s {};
  if (!opened.ok() || ::fstat((*opened)->get(), &s) != 0) return opened.status();
  const FileInfo info = system_call::to_info(s);
  give((*opened)->get(), &info);
  return {};
}

Result<FileInfo> FolderEnv::lstat(const std::string& path) {
  const auto rest = below(path);
  if (!rest) return outside_.lstat(path);
  struct stat s {};
  const Status seen = run(*rest, "stat", [&](int folder, const char* name) {
    return ::fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW);
  });
  if (!seen.ok()) return seen;
  return system_call::to_info(s);
}

Result<FileInfo> FolderEnv::stat(const std::string& path) {
  const auto rest = below(path);
  if (!rest) return outside_.stat(path);
  if (!rest->empty()) return lstat(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto opened = folder_locked("");
  if (!opened.ok()) return opened.status();
  return root_info_;
}

Result<std::vector<std::string>> FolderEnv::list_dir(const std::string& dir) {
  std::vector<std::string> names;
  const Status listed = visit_dir(dir, [&](std::string_view name) {
    names.emplace_back(name);
    return true;
  });
  if (!listed.ok()) return listed;
  return names;
}

// Opens a descriptor of its own: the read position belongs to the open file description.
Status FolderEnv::visit_dir(const std::string& dir,
                            const std::function<bool(std::string_view)>& visit) {
  const auto rest = below(dir);
  if (!rest) return outside_.visit_dir(dir, visit);
  const auto opened = folder(*rest);
  if (!opened.ok()) return opened.status();
  const int fd = retry([&] { return ::openat((*opened)->get(), ".", kFolderFlags); });
  if (fd < 0) return failed("list", dir);
  return system_call::visit(fd, dir, visit);
}

Result<std::uint64_t> FolderEnv::free_bytes(const std::string& path) {
  if (!below(path)) return outside_.free_bytes(path);
  const auto root = folder("");
  if (!root.ok()) return root.status();
  struct statvfs s {};
  if (::fstatvfs((*root)->get(), &s) != 0) return failed("get the free space of", path);
  return static_cast<std::uint64_t>(s.f_bavail) * s.f_frsize;
}

Result<std::uint64_t> FolderEnv::total_bytes(const std::string& path) {
  if (!below(path)) return outside_.total_bytes(path);
  const auto root = folder("");
  if (!root.ok()) return root.status();
  struct statvfs s {};
  if (::fstatvfs((*root)->get(), &s) != 0) return failed("get the size of", path);
  return static_cast<std::uint64_t>(s.f_blocks) * s.f_frsize;
}

}  // namespace socbridge
