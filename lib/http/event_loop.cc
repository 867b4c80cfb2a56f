// SPDX-License-Identifier: Apache-2.0
#include "http/event_loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/time.h"

namespace socbridge::http {
namespace {

constexpr std::size_t kEvents = 64;  // handled in one turn

std::uint32_t wanted(int what) {
  const std::uint32_t in = (what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U;
  const std::uint32_t out = (what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U;
  return in | out;
}

int happened(std::uint32_t events) {
  int what = 0;
  if ((events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
  return what;
}

}  // namespace

EventLoop::EventLoop(CURLM* multi) : multi_(multi), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wakeup_.fd();
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_.fd(), &event);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

int EventLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  auto* loop = static_cast<EventLoop*>(self);
  const int epoll = loop->epoll_.get();
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  event.events = wanted(what);
  event.data.fd = socket;
  const int done =
      ::epoll_ctl(epoll, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  if (known == nullptr) curl_multi_assign(loop->multi_, socket, self);  // not null: known next time
  return done;
}

int EventLoop::on_timer(CURLM*, long timeout_ms, void* self) {
  static_cast<EventLoop*>(self)->due_ms_ = timeout_ms < 0 ? -1 : steady_now_ms() + timeout_ms;
  return 0;
}

void EventLoop::run_due() {
  if (due_ms_ < 0 || steady_now_ms() < due_ms_) return;
  due_ms_ = -1;  // libcurl sets it again if needed
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

void EventLoop::wait(std::int64_t timeout_ms) {
  std::int64_t most = std::clamp<std::int64_t>(timeout_ms, 0, std::numeric_limits<int>::max());
  if (due_ms_ >= 0) most = std::clamp<std::int64_t>(due_ms_ - steady_now_ms(), 0, most);
  std::array<epoll_event, kEvents> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(most));
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events.at(static_cast<std::size_t>(i));
    if (event.data.fd == wakeup_.fd()) {
      wakeup_.clear();
    } else {
      curl_multi_socket_action(multi_, event.data.fd, happened(event.events), &running);
    }
  }
  run_due();
}

}  // namespace socbridge::http
