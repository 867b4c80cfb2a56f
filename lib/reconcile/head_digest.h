// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/env.h"

namespace socbridge::reconcile {

// Shows by its first bytes whether a file is still the one that was read: paths and inodes are used
// again. Keeps the bytes of the file asked for last. Not thread-safe.
class HeadDigest {
 public:
  static constexpr std::uint64_t kMostBytes = 4096;
  explicit HeadDigest(Env& env) : env_(&env) {}

  // 16 hex digits of the SHA-256 of the first `bytes` of the file, unpacked if it ends in .gz; ""
  // if it cannot be read that far.
  std::string of(const std::string& path, std::uint64_t bytes);

 private:
  std::string read_head(const std::string& path) const;

  Env* env_;
  std::string path_;  // what the rest is of
  std::string head_;
  std::uint64_t digest_bytes_ = 0;
  std::string digest_;
};

}  // namespace socbridge::reconcile
