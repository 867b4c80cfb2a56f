#include "enrich/match_set.h"

#include <algorithm>
#include <cstring>

#include "base/siphash.h"
#include "enrich/state_file.h"

namespace socbridge::enrich {
namespace {

constexpr std::uint64_t kPassShift = 56;
constexpr std::uint64_t kNumber = (std::uint64_t{1} << kPassShift) - 1;
constexpr std::uint64_t kPasses = 255;
constexpr std::size_t kFewest = 1024;
constexpr std::string_view kMagic = "socbridge-match-set 1\n";

std::uint64_t number_of(std::uint64_t what) { return what & kNumber; }

template <typename T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
bool take(std::string_view& in, T& value) {
  if (in.size() < sizeof value) return false;
  std::memcpy(&value, in.data(), sizeof value);
  in.remove_prefix(sizeof value);
  return true;
}

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
  const auto same = [&](const Network& n) {
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
  std::vector<Network> networks;
  {
    const std::shared_lock lock(mutex_);
    networks = networks_;
  }
  for (const Network& size : networks) {
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

Status MatchSet::save(Env& env, const std::string& path) const {
  std::string out(kMagic);
  {
    const std::shared_lock lock(mutex_);
    append(out, seed_);
    append(out, refreshed_ms_);
    append(out, static_cast<std::uint64_t>(networks_.size()));
    append(out, static_cast<std::uint64_t>(used_));
    for (const Network& one : networks_) append(out, one.bits | (one.v6 ? 0x100U : 0U));
    out.reserve(out.size() + used_ * sizeof(Slot) + sizeof(std::uint64_t));
    for (const Slot& slot : slots_) {
      if (slot.what == 0) continue;
      append(out, slot.hash);
      append(out, number_of(slot.what));
    }
  }
  append(out, siphash(0, 0, out));
  return write_durably(env, path, out);
}

Status MatchSet::load(Env& env, const std::string& path) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  const auto text = env.read_file(path, kMost);
  if (!text.ok()) return text.status();
  const auto damaged = [&] {
    return Status::error(ExitCode::bad_input, path + " is damaged or of another version",
                         "it is made anew");
  };
  std::string_view in = *text;
  std::uint64_t sum = 0, networks = 0, entries = 0;
  if (!in.starts_with(kMagic) || in.size() < kMagic.size() + sizeof sum) return damaged();
  std::string_view tail = in.substr(in.size() - sizeof sum);
  in.remove_suffix(sizeof sum);
  if (!take(tail, sum) || sum != siphash(0, 0, in)) return damaged();
  in.remove_prefix(kMagic.size());
  const std::unique_lock lock(mutex_);
  if (!take(in, seed_) || !take(in, refreshed_ms_) || !take(in, networks) || !take(in, entries) ||
      networks > 256 || in.size() != networks * sizeof(unsigned) + entries * sizeof(Slot)) {
    return damaged();
  }
  for (std::uint64_t i = 0; i < networks; ++i) {
    unsigned bits = 0;
    take(in, bits);
    networks_.push_back({(bits & 0x100U) != 0, bits & 0xFFU});
  }
  std::size_t slots = kFewest;
  while (entries * 4 > slots * 3) slots *= 2;
  slots_.assign(slots, Slot{});
  used_ = 0;
  for (std::uint64_t i = 0; i < entries; ++i) {
    Slot slot;
    take(in, slot.hash);
    take(in, slot.what);
    if (number_of(slot.what) != 0) put(slot.hash, number_of(slot.what), pass_);
  }
  return {};
}

}  // namespace socbridge::enrich
