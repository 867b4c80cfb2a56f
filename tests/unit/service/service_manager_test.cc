// SPDX-License-Identifier: Apache-2.0
// Messages to a service manager, against a socket of our own.
#include "service/service_manager.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/time.h"

namespace socbridge {
namespace {

// The manager's end: a datagram socket at a path, or at an abstract name after `@`.
class Listener {
 public:
  explicit Listener(const std::string& name) : name_(name), fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  }
  ~Listener() {
    ::close(fd_);
    if (name_[0] == '/') ::unlink(name_.c_str());
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  std::string next() const {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return got < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(got));
  }

 private:
  std::string name_;
  int fd_;
};

std::string unique(const char* head) { return head + std::to_string(::getpid()); }

}  // namespace

TEST_CASE("readiness, status, reload and stop as sd_notify has them") {
  for (const std::string& name : {unique("/tmp/socbridge-notify-"), unique("@socbridge-notify-")}) {
    INFO(name);
    const Listener listener(name);
    ServiceManager manager(name, "", "");
    CHECK(manager.present());
    CHECK_FALSE(manager.watchdog_every_ms().has_value());
    manager.ready("waiting");
    CHECK(listener.next() == "READY=1\nSTATUS=waiting");
    manager.status("waiting");
    CHECK(listener.next().empty());  // no change
    manager.status("two\nlines");
    const std::string status = listener.next();
    CHECK(status.starts_with("STATUS=two"));
    CHECK(status.find('\n') == std::string::npos);  // or a second line would be another message
    const std::int64_t before = steady_now_ms();
    manager.reloading();
    const std::string reload = listener.next();
    const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
    REQUIRE(reload.starts_with(head));
    CHECK(std::stoll(reload.substr(head.size())) / 1000 >= before);
    CHECK(std::stoll(reload.substr(head.size())) / 1000 <= steady_now_ms());
    manager.watchdog();
    CHECK(listener.next() == "WATCHDOG=1");
    manager.stopping("ending");
    CHECK(listener.next() == "STOPPING=1\nSTATUS=ending");
  }
}

TEST_CASE("the watchdog is notified at half its time, and only if it is meant for this process") {
  const std::string mine = std::to_string(::getpid());
  CHECK(ServiceManager("@x", "30000000", "").watchdog_every_ms() == 15000);
  CHECK(ServiceManager("@x", "30000000", mine).watchdog_every_ms() == 15000);
  CHECK_FALSE(ServiceManager("@x", "30000000", "1").watchdog_every_ms().has_value());
  CHECK_FALSE(ServiceManager("@x", "0", mine).watchdog_every_ms().has_value());
  CHECK_FALSE(ServiceManager("@x", "soon", mine).watchdog_every_ms().has_value());
  CHECK_FALSE(ServiceManager("", "30000000", mine).watchdog_every_ms().has_value());
}

TEST_CASE("without a manager, or with a closed socket, nothing happens") {
  ServiceManager none("", "", "");
  CHECK_FALSE(none.present());
  none.ready("x");
  ServiceManager gone("/tmp/socbridge-no-such-socket", "", "");
  gone.ready("x");
  ServiceManager strange("relative/path", "", "");
  CHECK_FALSE(strange.present());
  ServiceManager long_name("/" + std::string(500, 'x'), "", "");
  long_name.ready("x");
}

TEST_CASE("the variables are taken out of the environment") {
  const std::string name = unique("@socbridge-notify-env-");
  const Listener listener(name);
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "2000000", 1);
  ServiceManager manager = ServiceManager::of_process();
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
  CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
  CHECK(manager.watchdog_every_ms() == 1000);
  manager.watchdog();
  CHECK(listener.next() == "WATCHDOG=1");
}

}  // namespace socbridge
