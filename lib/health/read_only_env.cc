// SPDX-License-Identifier: Apache-2.0
#include "health/read_only_env.h"

#include <cerrno>

namespace socbridge::health {
namespace {

Status refuse(const char* what, const std::string& path) {
  Status status =
      Status::error(ExitCode::failure, std::string("a check may not ") + what + " " + path);
  status.with_errno(EROFS);
  return status;
}

}  // namespace

Result<Fd> ReadOnlyEnv::create_new(const std::string& path, mode_t) {
  return refuse("create", path);
}
Result<Fd> ReadOnlyEnv::open_append(const std::string& path, mode_t) {
  return refuse("write", path);
}
Result<Fd> ReadOnlyEnv::open_rw(const std::string& path, mode_t) { return refuse("write", path); }
Status ReadOnlyEnv::write_all(int, std::string_view) { return refuse("write", "files"); }
Status ReadOnlyEnv::write_once(int, std::string_view) { return refuse("write", "files"); }
Status ReadOnlyEnv::fsync(int) { return refuse("sync", "files"); }
Status ReadOnlyEnv::fsync_dir(const std::string& dir) { return refuse("sync", dir); }
Status ReadOnlyEnv::rename(const std::string& from, const std::string&) {
  return refuse("rename", from);
}
Status ReadOnlyEnv::unlink(const std::string& path) { return refuse("remove", path); }
Status ReadOnlyEnv::mkdir(const std::string& path, mode_t) { return refuse("create", path); }
Status ReadOnlyEnv::set_mtime_ms(int, std::int64_t) { return refuse("change", "files"); }
Status ReadOnlyEnv::set_mode(int, mode_t) { return refuse("change", "files"); }
Result<bool> ReadOnlyEnv::try_lock(int) { return refuse("lock", "files"); }
Result<bool> ReadOnlyEnv::try_lock_range(int, std::uint64_t, std::uint64_t) {
  return refuse("lock", "files");
}
Status ReadOnlyEnv::unlock_range(int, std::uint64_t, std::uint64_t) {
  return refuse("unlock", "files");
}
Status ReadOnlyEnv::write_at(int, std::uint64_t, std::string_view) {
  return refuse("write", "files");
}
Result<std::shared_ptr<Env>> ReadOnlyEnv::within(const std::string& folder) {
  auto inside = real_.within(folder);
  if (!inside.ok()) return inside;
  return std::shared_ptr<Env>(std::make_shared<ReadOnlyEnv>(std::move(*inside)));
}

}  // namespace socbridge::health
