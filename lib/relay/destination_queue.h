// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/env.h"
#include "delivery/destination_state.h"
#include "delivery/server_version.h"
#include "http/multi_client.h"
#include "integration/settings.h"
#include "relay/concurrency.h"
#include "relay/due_list.h"

namespace socbridge::relay {

// The way to one TheHive with one set of settings: whether it is open, how much may be under way,
// and the entries that are due and wait for it.
class DestinationQueue {
 public:
  DestinationQueue(Env& env, const std::string& spool_dir,
                   std::shared_ptr<const integration::Settings> settings,
                   std::shared_ptr<Concurrency> concurrency);

  const integration::Settings& settings() const { return *settings_; }
  delivery::Destination& destination() { return destination_; }
  delivery::ServerVersionCache& versions() { return versions_; }
  const http::MultiClient::Options& http() const { return http_; }
  Concurrency& concurrency() { return *concurrency_; }

  // The right to send one request now, or empty: look again at look_again_ms().
  std::optional<delivery::Destination::Pass> enter(UnixMillis now_ms, std::int64_t steady_ms);
  // What is known may have changed: the next enter() asks.
  void look_now() { look_again_ms_ = 0; }
  std::int64_t look_again_ms() const { return look_again_ms_; }  // monotonic; 0: now
  // It was found closed and nothing has changed since.
  bool closed() const { return closed_; }
  // Since when (monotonic) other processes have been finding out whether it answers; 0: they are
  // not.
  std::int64_t others_since_ms() const { return others_since_ms_; }
  // Why it was found closed by an error of this machine; else empty.
  const std::string& no_lock() const { return no_lock_; }

  bool has_room() const { return in_flight < concurrency_->limit(); }

  std::size_t in_flight = 0;
  std::set<PackedId> waiting;  // due, of this lane, unclaimed

 private:
  std::shared_ptr<const integration::Settings> settings_;
  std::shared_ptr<Concurrency> concurrency_;
  delivery::Destination destination_;
  delivery::ServerVersionCache versions_;
  http::MultiClient::Options http_;
  bool closed_ = false;
  std::int64_t look_again_ms_ = 0;
  std::int64_t others_since_ms_ = 0;
  std::string no_lock_;
};

}  // namespace socbridge::relay
