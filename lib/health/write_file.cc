#include "health/write_file.h"

#include <unistd.h>

namespace socbridge::health {

Status write_file(Env& env, const std::string& path, std::string_view text) {
  constexpr mode_t kMode = 0644;
  // The collector reads names that end in .prom; this one does not.
  const std::string fresh = path + "." + std::to_string(getpid()) + ".new";
  auto fd = env.create_new(fresh, kMode);
  if (!fd.ok()) return fd.status();
  Status done = env.write_all(fd->get(), text);
  if (done.ok()) done = env.rename(fresh, path);
  if (!done.ok()) static_cast<void>(env.unlink(fresh));
  return done;
}

}  // namespace socbridge::health
