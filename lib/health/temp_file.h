// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::health {

// Random decimal digits that cannot be guessed.
std::string make_nonce();

// A file in /tmp that only one user can read, removed by the destructor. As root it belongs to that
// user, else to ours.
class TempFile {
 public:
  static Result<TempFile> make(Env& env, const std::string& suffix, std::string_view text,
                               uid_t uid, gid_t gid);
  TempFile(TempFile&& other) noexcept;
  TempFile& operator=(TempFile&&) = delete;
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile();

  const std::string& path() const { return path_; }

 private:
  TempFile(Env& env, std::string path) : env_(&env), path_(std::move(path)) {}
  Env* env_;
  std::string path_;
};

}  // namespace socbridge::health
