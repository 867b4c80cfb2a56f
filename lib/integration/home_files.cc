// SPDX-License-Identifier: Apache-2.0
#include "integration/home_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/durable_file.h"
#include "base/text.h"

namespace socbridge::integration {
namespace {

Status failed(const char* what, const std::string& path) {
  const int error = errno;
  Status status =
      Status::error(ExitCode::failure, std::string("cannot ") + what + " " + printable(path, 300) +
                                           ": " + std::generic_category().message(error));
  status.with_errno(error);
  return status;
}

Status there_already(const std::string& path) {
  errno = EEXIST;
  return failed("make", path);
}

Status give(Env& env, int fd, const std::string& path, const FileOwner& owner) {
  if (::fchown(fd, owner.uid, owner.gid) != 0) return failed("change the owner of", path);
  return env.set_mode(fd, owner.mode);
}

}  // namespace

Result<std::string> read_as(Env& env, const User& user, const std::string& path,
                            std::size_t max_bytes) {
  if (::geteuid() != 0 || user.uid == 0) return env.read_file(path, max_bytes);
  // The first byte says whether the rest is the file or the reason why not.
  auto got = run_as_user(user, max_bytes + 1, [&] {
    auto text = env.read_file(path, max_bytes);
    return text.ok() ? "+" + *text : "-" + text.status().message();
  });
  if (!got.ok()) return got.status();
  if (got->starts_with('+')) return got->substr(1);
  return Status::error(ExitCode::failure, got->empty() ? "cannot read " + path : got->substr(1));
}

Status write_new_file(Env& env, const std::string& path, std::string_view bytes,
                      const FileOwner& owner) {
  constexpr mode_t kOwnerOnly = 0600;
  auto fd = env.create_new(path, kOwnerOnly);
  if (!fd.ok()) return fd.status();
  Status status = env.write_all(fd->get(), bytes);
  if (status.ok()) status = give(env, fd->get(), path, owner);
  if (status.ok()) status = env.fsync(fd->get());
  if (!status.ok()) (void)env.unlink(path);
  return status;
}

Status replace_owned_file(Env& env, const std::string& path, std::string_view bytes,
                          const FileOwner& owner) {
  const std::string fresh = path + ".new";
  (void)env.unlink(fresh);  // usually not there
  Status status = write_new_file(env, fresh, bytes, owner);
  if (!status.ok()) return status;
  status = env.rename(fresh, path);
  if (!status.ok()) {
    (void)env.unlink(fresh);
    return status;
  }
  return env.fsync_dir(folder_of(path));
}

// Under another name until it has its owner: a process that is killed in between leaves no folder
// of root in its place.
Status make_owned_folder(Env& env, const std::string& path, const FileOwner& owner) {
  constexpr mode_t kOwnerOnly = 0700;
  if (env.lstat(path).ok()) return there_already(path);
  const std::string fresh = path + ".new";
  (void)::rmdir(fresh.c_str());  // usually not there
  if (Status made = env.mkdir(fresh, kOwnerOnly); !made.ok()) return made;
  const Fd fd(::open(fresh.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) return failed("open", fresh);
  const auto info = env.fstat(fd.get());
  if (!info.ok()) return info.status();
  if (info->uid != ::geteuid() ||
      (info->mode & 0777) != kOwnerOnly) {  // a setgid bit may be the parent's
    return Status::error(ExitCode::failure, printable(fresh, 300) + " was exchanged");
  }
  Status status = give(env, fd.get(), fresh, owner);
  if (status.ok()) status = env.rename(fresh, path);
  if (!status.ok()) (void)::rmdir(fresh.c_str());
  return status.ok() ? env.fsync_dir(folder_of(path)) : status;
}

}  // namespace socbridge::integration
