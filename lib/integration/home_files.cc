// SPDX-License-Identifier: Apache-2.0
#include "integration/home_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/system_call.h"
#include "base/text.h"

namespace socbridge::integration {
namespace {

constexpr mode_t kOwnerFile = 0600;
constexpr mode_t kOwnerFolder = 0700;

}  // namespace

Result<std::string> read_as(Env& env, const User& user, const std::string& path,
                            std::size_t max_bytes) {
  if (::geteuid() != 0 || user.uid == 0) return env.read_file(path, max_bytes);
  // The first byte marks the file's content (+) or an error (-).
  auto got = run_as_user(user, max_bytes + 1, [&] {
    auto text = env.read_file(path, max_bytes);
    return text.ok() ? "+" + *text : "-" + text.status().message();
  });
  if (!got.ok()) return got.status();
  if (got->starts_with('+')) return got->substr(1);
  return Status::error(ExitCode::failure, got->empty() ? "cannot read " + path : got->substr(1));
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<HeldFolder> HeldFolder::open(Env& env, const std::string& path, const Trust& trust) {
  auto fd = open_trusted(path, trust, PathKind::folder);
  if (!fd.ok()) return fd.status();
  return HeldFolder(env, path, std::move(*fd));
}

std::string HeldFolder::full(const std::string& name) const {
  return printable(path_.ends_with('/') ? path_ + name : path_ + "/" + name, 300);
}

Status HeldFolder::failed(const char* what, const std::string& name) const {
  const int error = errno;
  Status status =
      Status::error(ExitCode::failure, std::string("cannot ") + what + " " + full(name) + ": " +
                                           std::generic_category().message(error));
  return status.with_errno(error);
}

Status HeldFolder::give(int fd, const std::string& name, const FileOwner& owner) const {
  if (::fchown(fd, owner.uid, owner.gid) != 0) return failed("change the owner of", name);
  return env_->set_mode(fd, owner.mode);
}

Result<SeenFile> HeldFolder::read(const std::string& name, std::size_t max_bytes) const {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const Fd fd(::openat(fd_.get(), name.c_str(), kFlags));
  if (!fd.valid() && errno != ELOOP) return failed("open", name);
  const auto info = fd.valid() ? env_->fstat(fd.get()) : Result<FileInfo>(FileInfo{});
  if (!info.ok()) return info.status();
  if (!fd.valid() || !info->is_file()) {
    return Status::error(ExitCode::usage, full(name) + " is a link or not a file");
  }
  auto bytes = env_->read_all(fd.get(), max_bytes);
  if (!bytes.ok()) return bytes.status();
  return SeenFile{std::move(*bytes), *info};
}

Status HeldFolder::write_new(const std::string& name, std::string_view bytes,
                             const FileOwner& owner) const {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd fd(::openat(fd_.get(), name.c_str(), kFlags, kOwnerFile));
  if (!fd.valid()) return failed("create", name);
  Status status = env_->write_all(fd.get(), bytes);
  if (status.ok()) status = give(fd.get(), name, owner);
  if (status.ok()) status = env_->fsync(fd.get());
  if (!status.ok()) (void)unlink(name);
  return status;
}

Status HeldFolder::replace(const std::string& name, std::string_view bytes,
                           const FileOwner& owner) const {
  const std::string fresh = name + ".new";
  (void)unlink(fresh);  // usually missing
  Status status = write_new(fresh, bytes, owner);
  if (!status.ok()) return status;
  status = rename(fresh, name);
  if (!status.ok()) {
    (void)unlink(fresh);
    return status;
  }
  return env_->fsync(fd_.get());
}

Status HeldFolder::rename(const std::string& from, const std::string& to) const {
  const int done = ::renameat(fd_.get(), from.c_str(), fd_.get(), to.c_str());
  return done == 0 ? Status() : failed("replace", to);
}

Status HeldFolder::unlink(const std::string& name) const {
  return ::unlinkat(fd_.get(), name.c_str(), 0) == 0 ? Status() : failed("remove", name);
}

// Any other file or folder of this user that could be moved to that name differs in owner, mode or
// content. A setgid bit may come from the parent.
bool HeldFolder::is_exchanged(int fd) const {
  const auto info = env_->fstat(fd);
  if (!info.ok() || info->uid != ::geteuid() || (info->mode & 0777) != kOwnerFolder) return true;
  return !system_call::is_empty_folder(fd);
}

Status HeldFolder::give_folder(const std::string& fresh, const FileOwner& owner) const {
  const Fd fd(::openat(fd_.get(), fresh.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return failed("open", fresh);
  if (is_exchanged(fd.get())) {
    return Status::error(ExitCode::failure, full(fresh) + " was replaced meanwhile");
  }
  return give(fd.get(), fresh, owner);
}

// Created under another name and then given its owner: a process that is killed in between leaves
// no folder of root.
Status HeldFolder::make_folder(const std::string& name, const FileOwner& owner) const {
  struct stat there {};
  if (::fstatat(fd_.get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return failed("make", name);
  }
  const std::string fresh = name + ".new";
  (void)::unlinkat(fd_.get(), fresh.c_str(), AT_REMOVEDIR);  // usually missing
  if (::mkdirat(fd_.get(), fresh.c_str(), kOwnerFolder) != 0) return failed("make", fresh);
  Status status = give_folder(fresh, owner);
  if (status.ok()) status = rename(fresh, name);
  if (!status.ok()) {
    (void)::unlinkat(fd_.get(), fresh.c_str(), AT_REMOVEDIR);
    return status;
  }
  return env_->fsync(fd_.get());
}

}  // namespace socbridge::integration
