// SPDX-License-Identifier: Apache-2.0
#include "base/durable_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"

namespace socbridge {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

namespace {

// Replaces the file that a killed writer left.
Result<Fd> create_fresh(Env& env, const std::string& path, mode_t mode) {
  auto fd = env.create_new(path, mode);
  if (fd.ok() || fd.status().sys_errno() != EEXIST) return fd;
  if (const Status gone = env.unlink(path); !gone.ok()) return gone;
  return env.create_new(path, mode);
}

Status not_replaceable(const std::string& path, const std::string& what, std::string hint) {
  Status bad =
      Status::error(ExitCode::usage, printable(path, 300) + " is " + what, std::move(hint));
  bad.with_errno(EINVAL);
  return bad;
}

bool is_link(const Result<FileInfo>& itself) { return itself.ok() && S_ISLNK(itself->mode); }

// A rename over a device, such as /dev/null, would remove it for every user. The same holds for a
// system link, such as /dev/stdout, whatever its target.
Status check_replaceable(Env& env, const std::string& path) {
  const bool of_system = path.starts_with("/dev/") || path.starts_with("/proc/");
  if (of_system && is_link(env.lstat(path))) {
    return not_replaceable(path, "a link", "name its target");
  }
  const auto there = env.stat(path);
  if (!there.ok() || there->is_file()) return {};
  return not_replaceable(path, there->kind() + std::string(", not a file"),
                         "name a file, or a path that does not exist");
}

}  // namespace

Status check_output(Env& env, const std::string& path) {
  if (path.ends_with('/')) {
    return not_replaceable(path, "a folder, not a file", "name a file in it");
  }
  const std::string folder = folder_of(path);
  const auto holder = env.stat(folder);
  if (!holder.ok()) {
    const bool missing = holder.status().sys_errno() == ENOENT;
    if (!missing) return holder.status();
    return Status::error(ExitCode::usage,
                         "the folder " + printable(folder, 300) + " does not exist",
                         "create it, or name a file in another folder");
  }
  if (!holder->is_dir()) {
    return not_replaceable(folder, holder->kind() + std::string(", not a folder"),
                           "name a file in a folder");
  }
  if (is_link(env.lstat(path))) {
    return not_replaceable(path, "a link", "name its target, or - for standard output");
  }
  return check_replaceable(env, path);
}

Status replace_durably(Env& env, const std::string& path, std::string_view bytes) {
  constexpr mode_t kMode = 0600;
  if (Status bad = check_replaceable(env, path); !bad.ok()) return bad;
  const std::string fresh = path + ".new";
  auto fd = create_fresh(env, fresh, kMode);
  if (!fd.ok()) return fd.status();
  Status status = env.write_all(fd->get(), bytes);
  if (status.ok()) status = env.fsync(fd->get());
  if (status.ok()) status = env.rename(fresh, path);
  if (status.ok()) return env.fsync_dir(folder_of(path));
  static_cast<void>(env.unlink(fresh));
  return status;
}

Status replace_for_readers(Env& env, const std::string& path, std::string_view bytes,
                           Readers readers) {
  constexpr mode_t kMode = 0644;
  if (Status bad = check_replaceable(env, path); !bad.ok()) return bad;
  // The collector reads names that end in .prom; this one does not. In a container the number is
  // the same after each start.
  const std::string fresh = path + "." + std::to_string(::getpid()) + ".new";
  auto fd = create_fresh(env, fresh, kMode);
  if (!fd.ok()) return fd.status();
  Status done = env.write_all(fd->get(), bytes);
  if (done.ok() && readers == Readers::all) done = env.set_mode(fd->get(), kMode);
  if (done.ok()) done = env.rename(fresh, path);
  if (!done.ok()) static_cast<void>(env.unlink(fresh));
  return done;
}

}  // namespace socbridge
