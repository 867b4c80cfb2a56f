// SPDX-License-Identifier: Apache-2.0
#include "spool/in_flight.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "hash/digest.h"

namespace socbridge::spool {
namespace {

constexpr std::uint64_t kSlots = 16384;
constexpr std::size_t kSlot = 16;
constexpr mode_t kMode = 0600;

std::uint64_t hash_of(std::string_view key) {
  constexpr std::size_t kDigits = 16;
  constexpr int kHex = 16;
  const std::string digest = sha256_hex(key);
  std::uint64_t hash = 0;
  std::from_chars(digest.data(), digest.data() + kDigits, hash, kHex);
  return hash == 0 ? 1 : hash;  // 0 is an empty slot
}

std::uint64_t offset_of(std::uint64_t hash) { return hash % kSlots * kSlot; }

}  // namespace

InFlight::InFlight(Env& env, Fd fd, std::uint64_t hash, InFlightTable* table)
    : env_(&env), fd_(std::move(fd)), table_(table), hash_(hash) {}

InFlight::~InFlight() {
  if (table_ == nullptr || !fd_.valid()) return;
  if (env_->unlock_range(fd_.get(), offset_of(hash_), kSlot).ok()) {
    table_->idle_.push_back(std::move(fd_));
  }
}

Result<std::optional<InFlight>> InFlight::lock(Env& env, Fd fd, std::uint64_t hash,
                                               InFlightTable* table) {
  const auto locked = env.try_lock_range(fd.get(), offset_of(hash), kSlot);
  if (!locked.ok()) return locked.status();
  if (!*locked) {
    if (table != nullptr) table->idle_.push_back(std::move(fd));
    return std::optional<InFlight>();
  }
  InFlight guard(env, std::move(fd), hash, table);
  const auto slot = env.read_at(guard.fd_.get(), offset_of(hash), kSlot);
  if (!slot.ok()) return slot.status();
  if (slot->size() == kSlot) {
    std::uint64_t marked = 0;
    std::memcpy(&marked, slot->data(), sizeof marked);
    std::memcpy(&guard.until_ms_, slot->data() + sizeof marked, sizeof guard.until_ms_);
    guard.same_key_ = marked == hash;
    if (marked == 0) guard.until_ms_ = 0;
  }
  return std::optional<InFlight>(std::move(guard));
}

Result<std::optional<InFlight>> InFlight::open(Env& env, const std::string& spool_dir,
                                               std::string_view key, InFlightTable* table) {
  auto fd = env.open_rw(spool_dir + "/in-flight", kMode);
  if (!fd.ok()) return fd.status();
  return lock(env, std::move(*fd), hash_of(key), table);
}

std::uint64_t InFlight::slot_of(std::string_view key) { return hash_of(key) % kSlots; }

std::uint64_t InFlight::slot() const { return hash_ % kSlots; }

Result<std::optional<InFlight>> InFlight::take(Env& env, const std::string& spool_dir,
                                               std::string_view key) {
  return open(env, spool_dir, key, nullptr);
}

Result<std::optional<InFlight>> InFlightTable::take(std::string_view key) {
  // If the file was removed with the spool, the open one is stale, so it is reopened after this
  // time.
  constexpr std::int64_t kKeepMs = 1000;
  const std::int64_t now = steady_now_ms();
  if (now >= idle_until_ms_) {
    idle_.clear();
    idle_until_ms_ = now + kKeepMs;
  }
  if (idle_.empty()) return InFlight::open(env_, spool_dir_, key, this);
  Fd fd = std::move(idle_.back());
  idle_.pop_back();
  return InFlight::lock(env_, std::move(fd), hash_of(key), this);
}

UnixMillis InFlight::unsettled_until(UnixMillis now_ms, std::int64_t longest_ms) const {
  const UnixMillis until = until_ms_ & ~kArrivedFlag;
  return until <= now_ms || until - now_ms > longest_ms ? 0 : until;
}

Status InFlight::write(std::int64_t until_ms) {
  std::string slot(kSlot, '\0');
  std::memcpy(slot.data(), &hash_, sizeof hash_);
  std::memcpy(slot.data() + sizeof hash_, &until_ms, sizeof until_ms);
  return env_->write_at(fd_.get(), offset_of(hash_), slot);
}

Status InFlight::mark(UnixMillis unsettled_until_ms) {
  return write(unsettled_until_ms | (arrived() ? kArrivedFlag : 0));
}

Status InFlight::created() { return write(0); }

Status InFlight::clear() {
  if (arrived()) return settle();
  return env_->write_at(fd_.get(), offset_of(hash_), std::string(kSlot, '\0'));
}

Status InFlight::settle() { return write(kArrivedFlag); }

Result<std::optional<NamedLock>> NamedLock::take(Env& env, const std::string& spool_dir,
                                                 std::string_view name) {
  // Far beyond the end of the table; only locks are there.
  constexpr std::uint64_t kBase = std::uint64_t{1} << 40U;
  auto fd = env.open_rw(spool_dir + "/in-flight", kMode);
  if (!fd.ok()) return fd.status();
  const auto locked = env.try_lock_range(fd->get(), kBase + hash_of(name) % kBase, 1);
  if (!locked.ok()) return locked.status();
  if (!*locked) return std::optional<NamedLock>();
  return std::optional<NamedLock>(NamedLock(std::move(*fd)));
}

}  // namespace socbridge::spool
