// SPDX-License-Identifier: Apache-2.0
#include "relay/due_list.h"

#include <array>
#include <charconv>
#include <iterator>
#include <limits>

#include "base/text.h"
#include "spool/names.h"

namespace socbridge::relay {
namespace {

constexpr std::size_t kDigits = 13;
constexpr std::size_t kHexDigits = 16;

}  // namespace

std::optional<PackedId> pack(std::string_view id) {
  if (!spool::is_id(id)) return {};
  const auto ms = parse_u64(id.substr(0, kDigits));
  const std::string_view hex = id.substr(kDigits + 1);
  PackedId packed;
  const auto read = std::from_chars(hex.data(), hex.data() + hex.size(), packed.random, 16);
  if (!ms || read.ec != std::errc() || read.ptr != hex.data() + hex.size()) return {};
  packed.ms = *ms;
  return packed;
}

std::string unpack(const PackedId& id) {
  std::string out = std::to_string(id.ms);
  if (out.size() < kDigits) out.insert(0, kDigits - out.size(), '0');
  std::array<char, kHexDigits> hex{};
  const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), id.random, 16).ptr;
  const auto used = static_cast<std::size_t>(end - hex.data());
  return out + '-' + std::string(kHexDigits - used, '0') + std::string(hex.data(), used);
}

void DueList::put(const PackedId& id, UnixMillis due_ms) {
  const auto [at, fresh] = due_.try_emplace(id, due_ms);
  if (!fresh) {
    if (at->second == due_ms) return;
    order_.erase({at->second, id});
    at->second = due_ms;
  }
  order_.emplace(due_ms, id);
}

void DueList::drop(const PackedId& id) {
  const auto at = due_.find(id);
  if (at == due_.end()) return;
  order_.erase({at->second, id});
  due_.erase(at);
}

std::optional<PackedId> DueList::take(UnixMillis now_ms) {
  if (order_.empty() || order_.begin()->first > now_ms) return {};
  auto at = order_.begin();
  if (newest_) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    at = std::prev(order_.upper_bound({now_ms, PackedId{kMost, kMost}}));
  }
  newest_ = !newest_;
  const PackedId id = at->second;
  due_.erase(id);
  order_.erase(at);
  return id;
}

std::optional<UnixMillis> DueList::next_due_ms() const {
  if (order_.empty()) return {};
  return order_.begin()->first;
}

void DueList::clear() {
  due_.clear();
  order_.clear();
}

}  // namespace socbridge::relay
