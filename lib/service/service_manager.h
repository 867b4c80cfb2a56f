// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socbridge {

// Reports the state of this process to the service manager: datagrams as sd_notify(3) describes
// them, to the socket that $NOTIFY_SOCKET names (a path, or an abstract name behind `@`). Without
// that variable, as at a terminal, everything is a no-op. Nothing here fails the work: a message
// that cannot be sent is dropped.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. The variables are taken out of the
  // environment, so that child processes send nothing in our name.
  static ServiceManager of_process();
  // For tests. `watchdog_usec` and `watchdog_pid` as in the environment, empty if unset.
  ServiceManager(std::string socket, std::string_view watchdog_usec, std::string_view watchdog_pid);

  bool present() const { return !socket_.empty(); }

  void ready(std::string_view status);     // READY=1
  void status(std::string_view one_line);  // STATUS=, only if it changed
  void reloading();                        // RELOADING=1 and the monotonic time; then ready()
  void stopping(std::string_view status);  // STOPPING=1
  void watchdog();                         // WATCHDOG=1
  // How often watchdog() is to be called: half of what the manager allows. Empty: it does not
  // watch.
  std::optional<std::int64_t> watchdog_every_ms() const { return every_ms_; }

 private:
  void send(const std::string& message) const;
  std::string socket_;
  std::string last_status_;
  std::optional<std::int64_t> every_ms_;
};

}  // namespace socbridge
