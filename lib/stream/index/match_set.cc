// SPDX-License-Identifier: Apache-2.0
#include "stream/index/match_set.h"

#include <algorithm>

#include "hash/siphash.h"

namespace socbridge::stream {
namespace {

constexpr std::uint64_t kPasses = 255;

}  // namespace

MatchSet::MatchSet(std::uint64_t seed) : seed_(seed), slots_(kFewest) {}

std::uint64_t MatchSet::hash_of(const MatchKey& key) const {
  const std::uint64_t kind = siphash(seed_, 1, key.kind);
  return siphash(seed_, kind, key.value);
}

bool MatchSet::put(std::uint64_t hash, std::uint64_t observable, std::uint64_t pass) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t same = 0;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.what == 0) {
      slot = {hash, observable | pass << kPassShift};
      ++used_;
      return true;
    }
    if (slot.hash != hash) continue;
    if (number_of(slot.what) == observable || ++same >= kMostPerKey) {
      slot.what = number_of(slot.what) | pass << kPassShift;
      return false;
    }
  }
}

void MatchSet::grow(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.what != 0) put(slot.hash, number_of(slot.what), slot.what >> kPassShift);
  }
}

void MatchSet::note_network(const MatchKey& key) {
  const auto network = network_of(key);
  if (!network) return;
  const auto same = [&](const NetworkSize& n) {
    return n.v6 == network->v6 && n.bits == network->bits;
  };
  if (std::none_of(networks_.begin(), networks_.end(), same)) networks_.push_back(*network);
}

bool MatchSet::add(const MatchKey& key, std::uint64_t observable) {
  if (observable == 0 || observable > kNumber) return false;
  const std::unique_lock lock(mutex_);
  if ((used_ + 1) * 4 > slots_.size() * 3) grow(slots_.size() * 2);
  note_network(key);
  return put(hash_of(key), observable, pass_);
}

std::vector<std::uint64_t> MatchSet::find(const MatchKey& key) const {
  std::vector<std::uint64_t> out;
  const std::shared_lock lock(mutex_);
  const std::uint64_t hash = hash_of(key);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].what != 0; at = (at + 1) & mask) {
    if (slots_[at].hash == hash) out.push_back(number_of(slots_[at].what));
  }
  return out;
}

std::vector<std::uint64_t> MatchSet::find_near(const MatchKey& key, bool& too_wide) const {
  std::vector<std::uint64_t> out = find(key);
  if (key.kind != "ip") return out;
  const auto add_all = [&](const MatchKey& other) {
    for (const std::uint64_t one : find(other)) out.push_back(one);
  };
  if (network_of(key)) {
    const auto addresses = addresses_of(key, kMostAddresses);
    too_wide = too_wide || addresses.empty();
    for (const MatchKey& address : addresses) add_all(address);
    return out;
  }
  std::vector<NetworkSize> networks;
  {
    const std::shared_lock lock(mutex_);
    networks = networks_;
  }
  for (const NetworkSize& size : networks) {
    if (const auto around = network_around(key, size)) add_all(*around);
  }
  return out;
}

void MatchSet::begin_pass() {
  const std::unique_lock lock(mutex_);
  pass_ = (pass_ + 1) % kPasses;
}

void MatchSet::end_pass() {
  const std::unique_lock lock(mutex_);
  std::size_t left = 0;
  for (Slot& slot : slots_) {
    if (slot.what != 0 && slot.what >> kPassShift == pass_) ++left;
  }
  std::vector<Slot> seen;
  seen.reserve(left);
  for (const Slot& slot : slots_) {
    if (slot.what != 0 && slot.what >> kPassShift == pass_) seen.push_back(slot);
  }
  std::fill(slots_.begin(), slots_.end(), Slot{});
  used_ = 0;
  for (const Slot& slot : seen) put(slot.hash, number_of(slot.what), pass_);
}

std::uint64_t MatchSet::size() const {
  const std::shared_lock lock(mutex_);
  return used_;
}

UnixMillis MatchSet::refreshed_ms() const {
  const std::shared_lock lock(mutex_);
  return refreshed_ms_;
}

void MatchSet::set_refreshed_ms(UnixMillis ms) {
  const std::unique_lock lock(mutex_);
  refreshed_ms_ = ms;
}

}  // namespace socbridge::stream
