#include "enrich/state_file.h"

namespace socbridge::enrich {

Status write_durably(Env& env, const std::string& path, std::string_view bytes) {
  const std::string part = path + ".part";
  static_cast<void>(env.unlink(part));  // what a crash left
  {
    const auto file = env.create_new(part, 0600);
    if (!file.ok()) return file.status();
    if (const Status s = env.write_all(file->get(), bytes); !s.ok()) return s;
    if (const Status s = env.fsync(file->get()); !s.ok()) return s;
  }
  if (const Status s = env.rename(part, path); !s.ok()) return s;
  const std::size_t slash = path.rfind('/');
  return env.fsync_dir(slash == std::string::npos ? "." : path.substr(0, slash));
}

}  // namespace socbridge::enrich
