// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge {

// Reports the state of this process to the service manager: datagrams as in sd_notify(3), to the
// socket in $NOTIFY_SOCKET (a path, or an abstract name after `@`). Without that variable, as on a
// terminal, all calls do nothing. Failures are ignored: a message that cannot be sent is dropped.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and removes them from the environment, so
  // that child processes do not report as this process.
  static ServiceManager of_process();
  // For tests. `watchdog_usec` and `watchdog_pid` as in the environment, empty if unset.
  ServiceManager(std::string socket, std::string_view watchdog_usec, std::string_view watchdog_pid);

  bool present() const { return !socket_.empty(); }

  void ready(std::string_view status);     // READY=1
  void status(std::string_view one_line);  // STATUS=, only if it changed
  void reloading();                        // RELOADING=1 and the monotonic time; then ready()
  void stopping(std::string_view status);  // STOPPING=1
  void watchdog();                         // WATCHDOG=1
  // How often to call watchdog(): half of the manager's limit. Empty: the watchdog is off.
  std::optional<std::int64_t> watchdog_every_ms() const { return every_ms_; }

 private:
  void send(const std::string& message) const;
  std::string socket_;
  std::string last_status_;
  std::optional<std::int64_t> every_ms_;
};

}  // namespace socbridge
