// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/env.h"
#include "base/exit_code.h"
#include "integration/settings_lookup.h"
#include "relay/event_log.h"
#include "relay/relay_metrics.h"
#include "relay/relay_state.h"
#include "relay/worker.h"
#include "service/service_manager.h"
#include "service/signal_queue.h"
#include "spool/spool.h"
#include "spool/watch.h"

namespace socbridge::relay {

// How many hands `in_flight` requests are shared by on a machine with so many processors: one for
// each processor, at most four, and none with less than eight requests. At least one.
std::size_t hands_for(std::size_t in_flight, std::size_t processors);

// Delivers what waits in queue/ over kept-alive connections, many at once. The calling thread is
// the clerk: it hears and reads the folder, tells the hands (lib/relay/worker.h, a thread each)
// what waits, and speaks for them to the service manager. Safe next to any number of itself and of
// custom-w2thive. docs/relay.md says what it promises.
class Relay {
 public:
  // All references must outlive it.
  Relay(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts, RelayOptions options,
        EventLog& log);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Until SIGTERM or SIGINT comes (SIGHUP reads the configuration again), or with `once` until what
  // was due is done. Signals that are already waiting count. The code is docs/relay.md's. Once.
  ExitCode run(SignalQueue& signals, ServiceManager& manager);

  RelayCounts counts() const;
  std::uint64_t waiting() const { return desk_.roster.waiting(); }  // entries not in flight

 private:
  Status start();
  void start_watch();
  void end_hands();
  void scan();
  void look_at(const PackedId& id);
  void hear();
  void obey(int signal, ServiceManager& manager);
  void tick(std::int64_t steady_ms);
  void say_started();
  void say_stopped();
  void summarise(std::int64_t steady_ms);
  void write_metrics(std::int64_t steady_ms);
  void reload();
  void wake_hands();
  void wait(int signals_fd, std::int64_t pause_ms);
  bool all_ended() const;
  bool all_turned();
  ExitCode code_of_once() const;
  std::string status_line() const;
  RelayView view() const;
  void name_holders(std::int64_t least_ms);
  void report_failures();
  bool no_lock_can_be_had() const;
  std::set<Worker::Closed> closed()
      const;  // the hands' views of one destination are mostly the same

  Env& env_;
  spool::Spool& spool_;
  integration::SettingsLookup& accounts_;
  RelayOptions options_;
  EventLog& log_;
  RelayState desk_;
  std::vector<std::unique_ptr<Worker>> hands_;
  std::vector<std::thread> threads_;
  std::vector<std::uint64_t> turns_;  // of each hand when the watchdog was last fed
  std::optional<spool::Watch> watch_;
  std::uint64_t told_ = 0;  // delivered when that was last logged
  bool interrupted_ = false;
  std::int64_t next_tick_ms_ = 0, next_scan_ms_ = 0, next_tidy_ms_ = 0, next_summary_ms_ = 0;
  std::int64_t next_metrics_ms_ = 0;
  std::int64_t next_holders_ms_ = 0;
  std::set<std::string> named_;  // lines about who holds what, as long as it is so
  UnixMillis started_ms_ = 0;
  std::int64_t clock_offset_ms_ = 0;  // wall clock less monotonic clock, to see it jump
};

}  // namespace socbridge::relay
