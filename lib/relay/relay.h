#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/env.h"
#include "base/exit_code.h"
#include "base/service_manager.h"
#include "base/signal_queue.h"
#include "http/multi_client.h"
#include "relay/accounts.h"
#include "relay/due_list.h"
#include "relay/event_log.h"
#include "relay/lane.h"
#include "relay/shipment.h"
#include "spool/spool.h"
#include "spool/watch.h"

namespace socbridge::relay {

struct RelayOptions {
  std::size_t in_flight = 32;       // requests at most, to all destinations together
  bool once = false;                // deliver what is due now, then end
  std::int64_t request_ms = 30000;  // for one request
  std::int64_t grace_ms = 10000;    // for what is in flight when it is told to stop
};

struct RelayCounts {
  std::uint64_t delivered = 0, filtered = 0, postponed = 0, dead = 0, corrupt = 0;
};

// Delivers what waits in queue/ over kept-alive connections, many at once, on one thread. Safe next
// to any number of itself and of custom-w2thive: claims, gates and marks are those of Shipment and
// Destination. docs/relay.md says what it promises.
class Relay {
 public:
  // All references must outlive it.
  Relay(Env& env, spool::Spool& spool, Accounts& accounts, RelayOptions options, EventLog& log);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Until SIGTERM or SIGINT comes (SIGHUP reads the configuration again), or with `once` until what
  // was due is done. Signals that are already waiting count. The code is docs/relay.md's.
  ExitCode run(SignalQueue& signals, ServiceManager& manager);

  const RelayCounts& counts() const { return counts_; }
  std::uint64_t waiting() const;  // known entries that are not in flight

 private:
  struct Flight;
  enum class Taken { started, done, no_way };  // no_way: its lane has no room or is closed

  Status start();
  void scan();
  void look_at(const PackedId& id);
  void hear();
  void tick(std::int64_t steady_ms);
  void reload();
  void pump();
  bool lanes_are_full() const;
  Taken take_up(const PackedId& id);
  Taken ship(const PackedId& id, spool::Claim claim, const spool::Entry& entry,
             std::shared_ptr<Lane> lane);
  void busy(const PackedId& id, UnixMillis due_ms);
  void trouble(const PackedId& id, const Status& status);
  std::shared_ptr<Lane> lane_for(std::shared_ptr<const Settings> settings);
  void send(Flight flight);
  void came_back(http::MultiClient::Done done);
  void settle(Flight& flight, bool stopped);
  void judge(Flight& flight, const Report& report);
  void count(const PackedId& id, const Report& report, const Lane& lane);
  void give_everything_up();
  std::int64_t pause_ms(std::int64_t steady_ms) const;
  bool finished_once() const;
  ExitCode code_of_once() const;
  std::string status_line() const;
  bool known(const PackedId& id) const;

  Env& env_;
  spool::Spool& spool_;
  Accounts& accounts_;
  RelayOptions options_;
  EventLog& log_;
  std::optional<http::MultiClient> http_;
  std::optional<spool::Watch> watch_;
  DueList due_;
  std::map<const Settings*, std::shared_ptr<Lane>> lanes_;
  std::map<std::string, std::shared_ptr<Concurrency>> concurrency_;  // by destination
  std::unordered_map<http::MultiClient::Ticket, Flight> flights_;
  std::set<PackedId> flying_;
  std::set<PackedId> busy_;  // with `once`: in somebody else's hands, to be looked at again
  RelayCounts counts_;
  RelayCounts told_;
  std::uint64_t misconfigured_ = 0, unanswered_ = 0, unsaved_ = 0;
  bool stopping_ = false;
  std::int64_t stop_at_ms_ = 0, patience_ms_ = 0;
  std::int64_t next_tick_ms_ = 0, next_scan_ms_ = 0, next_tidy_ms_ = 0, next_summary_ms_ = 0;
  std::int64_t clock_offset_ms_ = 0;  // wall clock less monotonic clock, to see it jump
};

}  // namespace socbridge::relay
