#include "base/durable_file.h"

#include <unistd.h>

#include <cerrno>

namespace socbridge {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status replace_durably(Env& env, const std::string& path, std::string_view bytes) {
  constexpr mode_t kMode = 0600;
  const std::string fresh = path + ".new";
  auto fd = env.create_new(fresh, kMode);
  if (!fd.ok() && fd.status().sys_errno() == EEXIST) {
    if (const Status gone = env.unlink(fresh); !gone.ok()) return gone;
    fd = env.create_new(fresh, kMode);
  }
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
  // The collector reads names that end in .prom; this one does not.
  const std::string fresh = path + "." + std::to_string(::getpid()) + ".new";
  auto fd = env.create_new(fresh, kMode);
  if (!fd.ok()) return fd.status();
  Status done = env.write_all(fd->get(), bytes);
  if (done.ok() && readers == Readers::everybody) done = env.set_mode(fd->get(), kMode);
  if (done.ok()) done = env.rename(fresh, path);
  if (!done.ok()) static_cast<void>(env.unlink(fresh));
  return done;
}

}  // namespace socbridge
