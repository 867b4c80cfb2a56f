// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>

#include "service/service_manager.h"
#include "service/signal_queue.h"

namespace socbridge {

// What every program that runs until it is stopped has of its process: signals to be read instead
// of interrupting, the service manager, and no SIGPIPE (a peer that closes while TLS writes). Make
// it before any thread. For one thread.
class ServiceRuntime {
 public:
  // SIGTERM and SIGINT, and those of `more`, such as SIGHUP.
  explicit ServiceRuntime(std::initializer_list<int> more = {});

  SignalQueue& signals() { return signals_; }
  ServiceManager& manager() { return manager_; }

  // Sleeps until a signal comes, at most `ms` (negative: without end), and gives the signal. The
  // watchdog is answered meanwhile.
  std::optional<int> wait(std::int64_t ms);

  // Whether SIGTERM or SIGINT has come, also one that wait() gave.
  bool stopping();

 private:
  std::optional<int> next();
  SignalQueue signals_;
  ServiceManager manager_;
  bool stopping_ = false;
  std::deque<int> others_;  // read by stopping(), for wait()
};

}  // namespace socbridge
