// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/env.h"
#include "delivery/delivery.h"
#include "http/multi_client.h"
#include "integration/settings.h"
#include "relay/concurrency.h"
#include "relay/due_list.h"
#include "relay/worker_status.h"

namespace socbridge::relay {

// One worker's queue for one TheHive with one set of settings: its circuit breaker, its limit of
// requests in flight, and the due entries that wait for it.
class DestinationQueue {
 public:
  // `env` must outlive it.
  DestinationQueue(Env& env, const std::string& spool_dir,
                   std::shared_ptr<const integration::Settings> settings,
                   std::shared_ptr<Concurrency> concurrency, spool::InFlightTable& in_flight_table);
  DestinationQueue(const DestinationQueue&) = delete;
  DestinationQueue& operator=(const DestinationQueue&) = delete;

  const integration::Settings& settings() const { return *settings_; }
  const delivery::Channel& channel() const { return channel_; }
  const http::MultiClient::Options& http() const { return http_; }
  Concurrency& concurrency() { return *concurrency_; }
  const Concurrency& concurrency() const { return *concurrency_; }

  std::string label() const;  // for people: the URL, and the name if it has one

  // A permit for one alert; empty: try again at next_try_ms().
  std::optional<delivery::CircuitBreaker::Permit> try_acquire(UnixMillis now_ms,
                                                              std::int64_t steady_ms);
  // The state may have changed: the next try_acquire() checks the circuit breaker.
  void try_now() { next_try_ms_ = 0; }
  std::int64_t next_try_ms() const { return next_try_ms_; }  // monotonic; 0: now
  // The circuit breaker refused a permit and the state has not changed since.
  bool refused() const { return refused_; }
  // Why the destination is blocked, as known to all processes of the spool; empty: it is not
  // blocked. `least_probing_ms`: a test by another process counts only after this time.
  std::optional<BlockedDestination> blocked(std::int64_t steady_ms,
                                            std::int64_t least_probing_ms) const;

  bool has_room() const { return in_flight < concurrency_->limit(); }

  std::size_t in_flight = 0;
  std::set<EntryId> waiting;  // due entries for this destination, unclaimed

 private:
  std::shared_ptr<const integration::Settings> settings_;
  std::shared_ptr<Concurrency> concurrency_;
  delivery::CircuitBreaker breaker_;
  delivery::ServerVersionCache versions_;
  delivery::Channel channel_;
  http::MultiClient::Options http_;
  bool refused_ = false;
  std::int64_t next_try_ms_ = 0;
  std::int64_t probing_since_ms_ = 0;  // monotonic; since when another process tests it; 0: none
  std::string lock_error_;             // error of a lock file
};

}  // namespace socbridge::relay
