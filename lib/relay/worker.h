// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/env.h"
#include "delivery/delivery.h"
#include "http/multi_client.h"
#include "integration/settings_lookup.h"
#include "relay/destination_queue.h"
#include "relay/event_log.h"
#include "relay/pending_request.h"
#include "relay/relay_state.h"
#include "relay/worker_status.h"
#include "spool/spool.h"

namespace socbridge::relay {

// Objects shared by the parts of one relay. All must outlive them.
struct RelayContext {
  Env& env;
  spool::Spool& spool;
  integration::SettingsLookup& settings;
  EventLog& log;
  RelayState& state;
};

// One thread of a relay: takes due entries from the ready queue and delivers them over its own
// connections, many at once. The non-blocking driver of delivery::Delivery. Workers coordinate like
// separate processes, through the locks and files of the spool.
class Worker {
 public:
  // `options.in_flight` is this worker's share.
  Worker(const RelayContext& context, RelayOptions options);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Call it before run(). Error: libcurl cannot be initialised.
  Status start();
  // Runs until the state says to stop and nothing is in flight, or with `once` until nothing is
  // due. Signals `worker_ended` at its end.
  void run();

  // From any thread: an entry may be due, or the state has changed.
  void wake();
  const WorkerStatus& status() const { return status_; }

  static constexpr std::int64_t kLongestPauseMs = 1000;

 private:
  enum class Dispatch { started, done, blocked };  // blocked: its destination accepts no more now

  void turn(std::int64_t steady_ms);
  void reload();
  void dispatch_due();
  bool destinations_are_full() const;
  Dispatch dispatch(const EntryId& id);
  std::optional<spool::Claim> claim(const EntryId& id);
  std::optional<spool::Entry> load(const EntryId& id, spool::Claim& claim);
  bool decide(const EntryId& id, spool::Claim& claim, spool::Entry& entry);
  Dispatch without_settings(const EntryId& id, const std::string& integration, const Status& why);
  Dispatch begin(const EntryId& id, spool::Claim claim, const spool::Entry& entry,
                 std::shared_ptr<DestinationQueue> destination);
  void park(DestinationQueue& destination, const EntryId& id);
  void wait_for_slot(std::uint64_t slot, const EntryId& id);
  void spool_error(const EntryId& id, const Status& status);
  std::shared_ptr<DestinationQueue> destination_for(
      std::shared_ptr<const integration::Settings> settings);
  void send(PendingRequest request);
  void complete(http::MultiClient::Done done);
  void settle(PendingRequest& request, delivery::Delivery::Breaker breaker);
  void learn(PendingRequest& request, const delivery::Report& report, bool tested);
  void count(const EntryId& id, const delivery::Report& report,
             const DestinationQueue& destination);
  void count_retry(const EntryId& id, const delivery::Report& report,
                   const DestinationQueue& destination);
  void abort_all();
  std::int64_t pause_ms(std::int64_t steady_ms) const;
  bool finished_once() const;
  bool is_idle() const;
  void show_blocked();

  RelayContext context_;
  RelayOptions options_;
  std::optional<http::MultiClient> http_;
  spool::InFlightTable table_;  // declared before the requests, which return slots to it
  std::map<const integration::Settings*, std::shared_ptr<DestinationQueue>> destinations_;
  std::map<std::string, std::shared_ptr<Concurrency>> concurrency_;  // by URL and organisation
  std::unordered_map<http::MultiClient::Ticket, PendingRequest> requests_;
  std::uint64_t reloads_ = 0;
  std::int64_t next_show_ms_ = 0;
  WorkerStatus status_;
};

}  // namespace socbridge::relay
