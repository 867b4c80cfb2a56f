// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/env.h"
#include "delivery/entry_delivery.h"
#include "http/multi_client.h"
#include "integration/settings_lookup.h"
#include "relay/destination_queue.h"
#include "relay/event_log.h"
#include "relay/relay_state.h"
#include "spool/spool.h"

namespace socbridge::relay {

// One thread of a relay: takes due entries from the roster and delivers them over connections of
// its own, many at once. Hands do for each other what processes do: claims, gates and marks are
// those of delivery::Shipment and delivery::Destination.
class Worker {
 public:
  // `options.in_flight` is this hand's share. All references must outlive it.
  Worker(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts, RelayOptions options,
         EventLog& log, RelayState& desk);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Before run(). Error: libcurl cannot be set up.
  Status start();
  // Until the desk says to stop and nothing is under way any more, or with `once` until nothing is
  // due. Rings the desk's bell at its end.
  void run();

  // From any thread:
  void wake();                                    // something may be due, or the desk has news
  std::uint64_t turns() const { return turns_; }  // grows at least every kLongestPauseMs
  std::size_t in_flight() const { return in_flight_; }
  bool ended() const { return ended_; }
  struct Closed {
    // `by`: "auth", "open" (the breaker), "others" (another process is finding out, for over a
    // minute unless `once`) or "no_lock".
    std::string url, by, why;
    bool operator<(const Closed& other) const {
      return std::tie(url, by, why) < std::tie(other.url, other.by, other.why);
    }
  };
  std::vector<Closed> closed() const;  // destinations it leaves alone; at most a second old

  static constexpr std::int64_t kLongestPauseMs = 1000;

 private:
  struct Flight;
  enum class Taken { started, done, no_way };  // no_way: its lane has no room or is closed

  void turn(std::int64_t steady_ms);
  void reload();
  void pump();
  bool lanes_are_full() const;
  Taken take_up(const PackedId& id);
  Taken ship(const PackedId& id, spool::Claim claim, const spool::Entry& entry,
             std::shared_ptr<DestinationQueue> lane);
  void park(DestinationQueue& lane, const PackedId& id);
  void busy(const PackedId& id, UnixMillis due_ms);
  void wait_behind(std::uint64_t slot, const PackedId& id);
  void trouble(const PackedId& id, const Status& status);
  std::shared_ptr<DestinationQueue> lane_for(std::shared_ptr<const integration::Settings> settings);
  void send(Flight flight);
  void came_back(http::MultiClient::Done done);
  void settle(Flight& flight, bool stopped);
  void judge(Flight& flight, const delivery::Report& report);
  void count(const PackedId& id, const delivery::Report& report, const DestinationQueue& lane);
  void give_everything_up();
  std::int64_t pause_ms(std::int64_t steady_ms) const;
  bool finished_once() const;
  bool stands_still() const;
  void show_closed();

  Env& env_;
  spool::Spool& spool_;
  integration::SettingsLookup& accounts_;
  RelayOptions options_;
  EventLog& log_;
  RelayState& desk_;
  std::optional<http::MultiClient> http_;
  spool::InFlightTable table_;  // before the flights: they give back to it
  std::map<const integration::Settings*, std::shared_ptr<DestinationQueue>> lanes_;
  std::map<std::string, std::shared_ptr<Concurrency>> concurrency_;  // by destination
  std::unordered_map<http::MultiClient::Ticket, Flight> flights_;
  std::uint64_t reloads_ = 0;
  std::int64_t next_show_ms_ = 0;
  std::atomic<std::uint64_t> turns_ = 0;
  std::atomic<std::size_t> in_flight_ = 0;
  std::atomic<bool> ended_ = false;
  mutable std::mutex shown_mutex_;
  std::vector<Closed> shown_;
};

}  // namespace socbridge::relay
