// SPDX-License-Identifier: Apache-2.0
#include "reconcile/head_digest.h"

#include <string_view>
#include <utility>

#include "hash/digest.h"
#include "wazuh/input_file.h"

namespace socbridge::reconcile {

std::string HeadDigest::read_head(const std::string& path) const {
  std::string head;
  auto source = wazuh::InputFile::open(*env_, path);
  while (source.ok() && head.size() < kMostBytes) {
    const auto more = source->more(head);
    if (!more.ok() || !*more) break;
  }
  if (head.size() > kMostBytes) head.resize(kMostBytes);
  return head;
}

std::string HeadDigest::of(const std::string& path, std::uint64_t bytes) {
  constexpr std::size_t kDigits = 16;
  if (path_ != path) {
    path_ = path;
    head_ = read_head(path);
    digest_.clear();
  } else if (bytes > head_.size() && head_.size() < kMostBytes) {
    std::string now = read_head(path);
    if (now.starts_with(head_)) head_ = std::move(now);  // it has grown; else it is another file
  }
  if (bytes > head_.size()) return {};
  if (digest_.empty() || digest_bytes_ != bytes) {
    digest_ = sha256_hex(std::string_view(head_).substr(0, bytes)).substr(0, kDigits);
    digest_bytes_ = bytes;
  }
  return digest_;
}

}  // namespace socbridge::reconcile
