// SPDX-License-Identifier: Apache-2.0
// Snapshot of the set on disk.
#include <cstring>

#include "base/durable_file.h"
#include "hash/siphash.h"
#include "stream/index/match_set.h"

namespace socbridge::stream {
namespace {

constexpr std::string_view kMagic = "socbridge-match-set 1\n";

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

Status MatchSet::save(Env& env, const std::string& path) const {
  std::string out(kMagic);
  {
    const std::shared_lock lock(mutex_);
    append(out, seed_);
    append(out, refreshed_ms_);
    append(out, static_cast<std::uint64_t>(networks_.size()));
    append(out, static_cast<std::uint64_t>(used_));
    for (const NetworkSize& one : networks_) append(out, one.bits | (one.v6 ? 0x100U : 0U));
    out.reserve(out.size() + used_ * sizeof(Slot) + sizeof(std::uint64_t));
    for (const Slot& slot : slots_) {
      if (slot.what == 0) continue;
      append(out, slot.hash);
      append(out, number_of(slot.what));
    }
  }
  append(out, siphash(0, 0, out));
  return replace_durably(env, path, out);
}

Status MatchSet::load(Env& env, const std::string& path) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  const auto text = env.read_file(path, kMost);
  if (!text.ok()) return text.status();
  const auto damaged = [&] {
    return Status::error(ExitCode::bad_input, path + " is damaged or of another version",
                         "it is rebuilt");
  };
  std::string_view in = *text;
  std::uint64_t sum = 0, seed = 0, networks = 0, entries = 0;
  UnixMillis refreshed_ms = 0;
  if (!in.starts_with(kMagic) || in.size() < kMagic.size() + sizeof sum) return damaged();
  std::string_view tail = in.substr(in.size() - sizeof sum);
  in.remove_suffix(sizeof sum);
  if (!take(tail, sum) || sum != siphash(0, 0, in)) return damaged();
  in.remove_prefix(kMagic.size());
  if (!take(in, seed) || !take(in, refreshed_ms) || !take(in, networks) || !take(in, entries) ||
      networks > 256 || entries > in.size() / sizeof(Slot) ||
      in.size() != networks * sizeof(unsigned) + entries * sizeof(Slot)) {
    return damaged();
  }
  const std::unique_lock lock(mutex_);
  seed_ = seed;
  refreshed_ms_ = refreshed_ms;
  networks_.clear();
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

}  // namespace socbridge::stream
