#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/env.h"
#include "http/multi_client.h"
#include "relay/concurrency.h"
#include "relay/destination.h"
#include "relay/due_list.h"
#include "relay/remember.h"
#include "relay/settings.h"

namespace socbridge::relay {

// The way to one TheHive with one set of settings: whether it is open, how much may be under way,
// and the entries that are due and wait for it.
class Lane {
 public:
  Lane(Env& env, const std::string& spool_dir, std::shared_ptr<const Settings> settings,
       std::shared_ptr<Concurrency> concurrency);

  const Settings& settings() const { return *settings_; }
  Destination& destination() { return destination_; }
  VersionMemory& versions() { return versions_; }
  const http::MultiClient::Options& http() const { return http_; }
  Concurrency& concurrency() { return *concurrency_; }

  // The right to send one request now, or empty: look again at look_again_ms().
  std::optional<Destination::Pass> enter(UnixMillis now_ms, std::int64_t steady_ms);
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
  std::shared_ptr<const Settings> settings_;
  std::shared_ptr<Concurrency> concurrency_;
  Destination destination_;
  VersionMemory versions_;
  http::MultiClient::Options http_;
  bool closed_ = false;
  std::int64_t look_again_ms_ = 0;
  std::int64_t others_since_ms_ = 0;
  std::string no_lock_;
};

}  // namespace socbridge::relay
