// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/env.h"

namespace socbridge::reconcile {

// Checks by its first bytes whether a file is still the same one: paths and inodes are reused.
// Keeps the bytes of the last file. Not thread-safe.
class HeadDigest {
 public:
  static constexpr std::uint64_t kMostBytes = 4096;
  explicit HeadDigest(Env& env) : env_(&env) {}

  // 16 hex digits of the SHA-256 of the first `bytes` of the file, decompressed if it ends in .gz;
  // "" if it is shorter or cannot be read.
  std::string of(const std::string& path, std::uint64_t bytes);

 private:
  std::string read_head(const std::string& path) const;

  Env* env_;
  std::string path_;  // the file of the other members
  std::string head_;
  std::uint64_t digest_bytes_ = 0;
  std::string digest_;
};

}  // namespace socbridge::reconcile
