// SPDX-License-Identifier: Apache-2.0
#include "health/temp_file.h"

#include <sys/random.h>
#include <unistd.h>

#include <utility>

#include "base/time.h"

namespace socbridge::health {

std::string make_nonce() {
  std::uint32_t random = 0;
  if (getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) {
    random = static_cast<std::uint32_t>(steady_now_ms());
  }
  return std::to_string(random);
}

Result<TempFile> TempFile::make(Env& env, const std::string& suffix, std::string_view text,
                                uid_t uid, gid_t gid) {
  constexpr mode_t kMode = 0600;
  std::string path = "/tmp/custom-w2thive-" + std::to_string(wall_now_ms() / 1000) + "-" +
                     make_nonce() + "." + suffix;
  auto fd = env.create_new(path, kMode);
  if (!fd.ok()) return fd.status();  // what is there is not ours to remove
  TempFile file(env, std::move(path));
  if (const Status written = env.write_all(fd->get(), text); !written.ok()) return written;
  if (geteuid() == 0 && ::fchown(fd->get(), uid, gid) != 0) {
    return Status::error(ExitCode::failure, "cannot give " + file.path_ + " away");
  }
  return file;
}

TempFile::TempFile(TempFile&& other) noexcept
    : env_(other.env_), path_(std::exchange(other.path_, {})) {}

TempFile::~TempFile() {
  if (!path_.empty()) static_cast<void>(env_->unlink(path_));
}

}  // namespace socbridge::health
