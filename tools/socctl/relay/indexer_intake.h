// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/env.h"
#include "follow/follower.h"
#include "receive/receiver.h"
#include "receive/worker_pool.h"
#include "relay/relay.h"
#include "service/signal_queue.h"
#include "socctl/common/command_line.h"
#include "socctl/indexer/source_options.h"

namespace socbridge::socctl {

// Options of `relay --from indexer`.
struct FollowFlags {
  std::string from, since, profile;
  std::string checkpoint = "default", slices, slice;
  std::string lease = "30s", late = "1m", poll = "5s";
  IndexerFlags indexer;

  void add_to(Command& command);
  bool wanted() const { return !from.empty(); }
  // Errors: usage. To be called before root's files become unreadable.
  Result<follow::FollowOptions> read(Env& env) const;
};

// Takes alerts from the indexer into the spool, in its own thread.
class IndexerIntake {
 public:
  // References must outlive it. `relay`: while more than 10,000 of its alerts wait, no more are
  // taken; null: no limit.
  IndexerIntake(follow::FollowOptions options, receive::Receiver& receiver,
                const relay::Relay* relay, relay::EventLog& log);
  ~IndexerIntake() { stop(); }

  // Starts reading until stop(). An indexer that cannot be queried, or does not answer within
  // seconds, is a warning, and retried. Errors: permanent ones of Follower::open(), no threads.
  Status start();
  // Reads the current documents once. The first SIGTERM or SIGINT stops it (interrupted), the
  // second one ends the process. Errors: those of Follower::round(), no threads.
  Status read_once(SignalQueue& signals);
  void stop();  // releases the slices
  follow::FollowCounts counts() const { return follower_->counts(); }

 private:
  Status store(const std::vector<std::string_view>& documents);
  Status run_in_thread(std::function<void()> work);

  receive::Receiver& receiver_;
  const relay::Relay* relay_;
  relay::EventLog& log_;
  std::atomic<bool> stopping_ = false;
  receive::WorkerPool storers_;
  std::unique_ptr<follow::Follower> follower_;
  std::thread thread_;
};

}  // namespace socbridge::socctl
