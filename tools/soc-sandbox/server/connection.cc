// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/time.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kBuffer = 65536;
constexpr std::int64_t kSecond = 1000;

}  // namespace

Connection::Connection(int socket, const StopSignal& stop) : socket_(socket), stop_(stop) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  in_.reserve(kBuffer);
}

Connection::~Connection() { ::close(socket_); }

bool Connection::wait(short events, std::int64_t ms) const {
  const Deadline deadline = Deadline::after_ms(ms);
  while (true) {
    pollfd fds[2] = {{socket_, events, 0}, {stop_.fd(), POLLIN, 0}};
    const int ready = ::poll(fds, 2, static_cast<int>(deadline.left_ms()));
    if (fds[1].revents != 0) return false;
    if (ready > 0 && fds[0].revents != 0) return true;
    if (deadline.passed() || (ready < 0 && errno != EINTR)) return false;
  }
}

bool Connection::wait_readable(std::int64_t ms) { return next_ < in_.size() || wait(POLLIN, ms); }

std::ptrdiff_t Connection::read(char* out, std::size_t size) {
  if (next_ == in_.size()) {
    if (!out_.empty()) {
      if (!send_all(out_.data(), out_.size())) return -1;
      out_.clear();
    }
    next_ = 0;
    in_.resize(kBuffer);
    ssize_t got = ::recv(socket_, in_.data(), kBuffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR) && wait(POLLIN, kIdleMs)) {
      got = ::recv(socket_, in_.data(), kBuffer, MSG_DONTWAIT);
    }
    in_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    if (got <= 0) return got;
  }
  const std::size_t count = std::min(size, in_.size() - next_);
  std::memcpy(out, in_.data() + next_, count);
  next_ += count;
  return static_cast<std::ptrdiff_t>(count);
}

bool Connection::send_all(const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket_, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN || !wait(POLLOUT, kIdleMs)) return false;
      continue;
    }
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool Connection::send_slowly(std::int64_t bytes_per_second) {
  constexpr std::int64_t kTicks = 10;  // per second, at most
  const std::int64_t ticks = std::min(kTicks, bytes_per_second);
  const auto portion = static_cast<std::size_t>(bytes_per_second / ticks);
  for (std::size_t at = 0; at < out_.size(); at += portion) {
    if (!send_all(out_.data() + at, std::min(portion, out_.size() - at))) return false;
    if (stop_.wait_ms(kSecond / ticks)) return false;
  }
  return true;
}

bool Connection::pause_ms(std::int64_t ms) const { return !wait(POLLRDHUP, ms) && !stop_.raised(); }

void Connection::wait_for_peer_to_leave() const {
  while (!wait(POLLRDHUP, kIdleMs) && !stop_.raised()) {
  }
}

void Connection::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool Connection::deliver(const Fault& fault) {
  if (fault.after_ms > 0 && stop_.wait_ms(fault.after_ms)) return false;
  bool usable = false;
  switch (fault.end) {
    case Fault::End::whole:
      usable = fault.drip > 0 ? send_slowly(fault.drip) : send_all(out_.data(), out_.size());
      break;
    case Fault::End::half: send_all(out_.data(), out_.size() / 2); break;
    case Fault::End::hang: wait_for_peer_to_leave(); break;
    case Fault::End::reset: reset(); break;
    case Fault::End::drop: break;
  }
  out_.clear();
  return usable;
}

}  // namespace socbridge::sandbox
