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

// The queue of one worker to one TheHive with one set of settings: its circuit breaker, how many
// requests may be in flight, and the entries that are due and wait for it.
class DestinationQueue {
 public:
  // Env must outlive it.
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

  // A permit for one alert, or empty: try again at next_try_ms().
  std::optional<delivery::CircuitBreaker::Permit> try_acquire(UnixMillis now_ms,
                                                              std::int64_t steady_ms);
  // What is known may have changed: the next try_acquire() asks the circuit breaker.
  void try_now() { next_try_ms_ = 0; }
  std::int64_t next_try_ms() const { return next_try_ms_; }  // monotonic; 0: now
  // The circuit breaker refused a permit and nothing has changed since.
  bool refused() const { return refused_; }
  // Why nothing is sent, as all processes of the spool know it now; empty: it is not blocked.
  // `least_probing_ms`: how long another process must have been testing it to count.
  std::optional<BlockedDestination> blocked(std::int64_t steady_ms,
                                            std::int64_t least_probing_ms) const;

  bool has_room() const { return in_flight < concurrency_->limit(); }

  std::size_t in_flight = 0;
  std::set<EntryId> waiting;  // due, for this destination, unclaimed

 private:
  std::shared_ptr<const integration::Settings> settings_;
  std::shared_ptr<Concurrency> concurrency_;
  delivery::CircuitBreaker breaker_;
  delivery::ServerVersionCache versions_;
  delivery::Channel channel_;
  http::MultiClient::Options http_;
  bool refused_ = false;
  std::int64_t next_try_ms_ = 0;
  std::int64_t probing_since_ms_ = 0;  // monotonic; another process is testing; 0: none
  std::string lock_error_;             // a lock file cannot be used
};

}  // namespace socbridge::relay
