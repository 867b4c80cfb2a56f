// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
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

// Number of workers that share `in_flight` requests: one per processor, at most four, each with at
// least eight requests; at least one.
std::size_t worker_count(std::size_t in_flight, std::size_t processors);

// Delivers the entries of queue/ over kept-alive connections, many at once. The calling thread
// supervises: it watches and scans queue/, passes entries to the worker threads and reports to the
// service manager. Any number of relays and custom-w2thive processes may run concurrently.
// docs/relay.md has the guarantees.
class Relay {
 public:
  // All references must outlive it.
  Relay(Env& env, spool::Spool& spool, integration::SettingsLookup& settings, RelayOptions options,
        EventLog& log);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Runs until SIGTERM or SIGINT (SIGHUP reads the configuration again), or with `once` until the
  // due entries are done. Pending signals count. Returns an exit code of docs/relay.md. Call it
  // once.
  ExitCode run(SignalQueue& signals, ServiceManager& manager);

  RelayCounts counts() const;
  std::uint64_t waiting() const { return state_.ready.waiting(); }  // entries not in flight
  // Metrics (docs/relay.md); empty before run() has started. Thread-safe.
  std::string metrics() const;

 private:
  struct Workers {
    std::vector<std::unique_ptr<Worker>> all;
    std::vector<std::thread> threads;
    std::vector<std::uint64_t> turns;  // of each worker when the watchdog was last notified
  };
  struct Timers {  // monotonic
    std::int64_t tick_ms = 0, scan_ms = 0, tidy_ms = 0, summary_ms = 0, metrics_ms = 0,
                 holders_ms = 0;
  };

  Status start();
  Status start_workers();
  void start_watch();
  void end_workers();
  void scan();
  void check_entry(const EntryId& id);
  void read_watch();
  void handle(int signal, ServiceManager& manager);
  void tick(std::int64_t steady_ms);
  void check_clock(std::int64_t steady_ms);
  void log_started();
  void log_stopped();
  void log_summary(std::int64_t steady_ms);
  void write_metrics(std::int64_t steady_ms);
  void reload();
  void wake_workers();
  void wait(int signals_fd, std::int64_t pause_ms);
  bool all_ended() const;
  bool all_turned();
  ExitCode code_of_once() const;
  std::string status_line() const;
  RelayView view() const;
  void log_holders(std::int64_t least_ms);
  void report_failures();
  bool lock_is_unavailable() const;
  std::set<BlockedDestination> blocked() const;  // of all workers

  RelayState state_;
  RelayContext context_;
  RelayOptions options_;
  Workers workers_;
  Timers next_;
  std::optional<spool::Watch> watch_;
  std::uint64_t summarised_ = 0;  // delivered at the time of the last summary
  bool interrupted_ = false;
  std::atomic<bool> started_ = false;  // the workers are running
  std::set<std::string> holders_;      // reported lines on lock holders
  UnixMillis started_ms_ = 0;
  std::int64_t clock_offset_ms_ = 0;  // wall clock minus monotonic clock, to detect steps
};

}  // namespace socbridge::relay
