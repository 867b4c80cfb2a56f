// SPDX-License-Identifier: Apache-2.0
#include "service/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/env.h"
#include "base/text.h"

namespace socbridge {
namespace {

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

std::string one_line(std::string_view text) {
  constexpr std::size_t kMost = 500;
  return printable(text, kMost);
}

}  // namespace

ServiceManager ServiceManager::of_process() {
  std::string socket = take_variable("NOTIFY_SOCKET");
  const std::string usec = take_variable("WATCHDOG_USEC");
  return ServiceManager(std::move(socket), usec, take_variable("WATCHDOG_PID"));
}

ServiceManager::ServiceManager(std::string socket, std::string_view watchdog_usec,
                               std::string_view watchdog_pid)
    : socket_(std::move(socket)) {
  if (socket_.empty() || (socket_[0] != '/' && socket_[0] != '@')) {
    socket_.clear();
    return;
  }
  const auto usec = parse_u64(watchdog_usec);
  const auto pid = parse_u64(watchdog_pid);
  const bool meant =
      watchdog_pid.empty() || (pid && *pid == static_cast<std::uint64_t>(::getpid()));
  constexpr std::uint64_t kHalfInMs = 2000;
  if (usec && *usec > 0 && meant) {
    every_ms_ = static_cast<std::int64_t>(std::max<std::uint64_t>(1, *usec / kHalfInMs));
  }
}

void ServiceManager::send(const std::string& message) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';
  const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  static_cast<void>(::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), size));
}

void ServiceManager::ready(std::string_view status) {
  last_status_ = one_line(status);
  send("READY=1\nSTATUS=" + last_status_);
}

void ServiceManager::status(std::string_view text) {
  std::string line = one_line(text);
  if (line == last_status_) return;
  last_status_ = std::move(line);
  send("STATUS=" + last_status_);
}

void ServiceManager::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  constexpr std::int64_t kMicro = 1000000;
  constexpr std::int64_t kNano = 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" +
       std::to_string(static_cast<std::int64_t>(now.tv_sec) * kMicro + now.tv_nsec / kNano));
}

void ServiceManager::stopping(std::string_view status) {
  last_status_ = one_line(status);
  send("STOPPING=1\nSTATUS=" + last_status_);
}

void ServiceManager::watchdog() { send("WATCHDOG=1"); }

}  // namespace socbridge
