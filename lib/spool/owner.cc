#include "spool/owner.h"

#include <unistd.h>

namespace socbridge::spool {

void give_to_owner(Env& env, const std::string& folder, int fd) {
  if (geteuid() != 0) return;
  const auto owner = env.stat(folder);
  const auto file = env.fstat(fd);
  if (!owner.ok() || !file.ok() || file->uid != 0 || owner->uid == 0) return;
  // A file system without owners has nothing to give.
  if (fchown(fd, owner->uid, owner->gid) != 0) return;
}

Result<Fd> create_for_owner(Env& env, const std::string& folder, const std::string& path,
                            mode_t mode) {
  auto fd = env.create_new(path, mode);
  if (fd.ok()) give_to_owner(env, folder, fd->get());
  return fd;
}

}  // namespace socbridge::spool
