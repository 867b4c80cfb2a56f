// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "stream/index/match_key.h"
#include "stream/index/match_network.h"

namespace socbridge::stream {

// The values of the observables of open alerts and cases. 16 bytes per slot, at most three quarters
// of the slots in use: 1,000,000 observables take 34 MB. Values are stored as keyed 64-bit hashes,
// so a hit must be confirmed in TheHive. Thread-safe; lookups do not block each other.
class MatchSet {
 public:
  explicit MatchSet(std::uint64_t seed);

  // Adds an observable by its number (TheHive's `~123`). An existing one is marked as seen by the
  // current pass. True: it is new.
  bool add(const MatchKey& key, std::uint64_t observable);

  // Numbers of the observables with that value, at most the first kMostPerKey.
  static constexpr std::size_t kMostPerKey = 256;
  std::vector<std::uint64_t> find(const MatchKey& key) const;
  // Also finds networks that contain the address, or addresses in the network. `too_wide` is set
  // for a network of more than kMostAddresses addresses, whose addresses are not looked up.
  static constexpr std::size_t kMostAddresses = 4096;
  std::vector<std::uint64_t> find_near(const MatchKey& key, bool& too_wide) const;

  // One pass through everything: entries that add() has not seen when it ends are removed.
  void begin_pass();
  void end_pass();

  std::uint64_t size() const;
  // When the observables were last read; part of a snapshot.
  UnixMillis refreshed_ms() const;
  void set_refreshed_ms(UnixMillis ms);

  // A snapshot, so that a restart need not read everything. Errors of load: bad_input if damaged or
  // of another version.
  Status save(Env& env, const std::string& path) const;
  Status load(Env& env, const std::string& path);

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t what = 0;  // number, and the pass in the highest byte; 0: free
  };
  static constexpr std::uint64_t kPassShift = 56;
  static constexpr std::uint64_t kNumber = (std::uint64_t{1} << kPassShift) - 1;
  static constexpr std::size_t kFewest = 1024;  // slots
  static std::uint64_t number_of(std::uint64_t what) { return what & kNumber; }

  std::uint64_t hash_of(const MatchKey& key) const;
  bool put(std::uint64_t hash, std::uint64_t observable, std::uint64_t pass);
  void grow(std::size_t slots);
  void note_network(const MatchKey& key);

  mutable std::shared_mutex mutex_;
  std::uint64_t seed_;
  std::uint64_t pass_ = 0;
  std::size_t used_ = 0;
  std::vector<Slot> slots_;
  std::vector<NetworkSize> networks_;  // sizes of the networks among the values
  UnixMillis refreshed_ms_ = 0;
};

}  // namespace socbridge::stream
