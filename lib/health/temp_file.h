// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::health {

// Random decimal digits, not to be guessed.
std::string make_nonce();

// A file in /tmp that one user alone can read, gone with the object. As root it is given to that
// user; else it is ours.
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
