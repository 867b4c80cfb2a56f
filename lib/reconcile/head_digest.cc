// SPDX-License-Identifier: Apache-2.0
#include "reconcile/head_digest.h"

#include <string_view>

#include "hash/digest.h"
#include "wazuh/input_file.h"

namespace socbridge::reconcile {

std::string HeadDigest::of(const std::string& path, std::uint64_t bytes) {
  constexpr std::size_t kDigits = 16;
  if (path_ != path) {
    path_ = path;
    head_.clear();
    digest_.clear();
    auto source = wazuh::InputFile::open(*env_, path);
    while (source.ok() && head_.size() < kMostBytes) {
      const auto more = source->more(head_);
      if (!more.ok() || !*more) break;
    }
    if (head_.size() > kMostBytes) head_.resize(kMostBytes);
  }
  if (bytes > head_.size()) return {};
  if (digest_.empty() || digest_bytes_ != bytes) {
    digest_ = sha256_hex(std::string_view(head_).substr(0, bytes)).substr(0, kDigits);
    digest_bytes_ = bytes;
  }
  return digest_;
}

}  // namespace socbridge::reconcile
