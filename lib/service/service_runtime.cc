// SPDX-License-Identifier: Apache-2.0
#include "service/service_runtime.h"

#include <poll.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/time.h"

namespace socbridge {
namespace {

std::vector<int> with_stop_signals(std::initializer_list<int> more) {
  std::vector<int> all = {SIGTERM, SIGINT};
  all.insert(all.end(), more);
  return all;
}

}  // namespace

ServiceRuntime::ServiceRuntime(std::initializer_list<int> more)
    : signals_(with_stop_signals(more)), manager_(ServiceManager::of_process()) {
  std::signal(SIGPIPE, SIG_IGN);
}

std::optional<int> ServiceRuntime::next() {
  if (!others_.empty()) {
    const int first = others_.front();
    others_.pop_front();
    return first;
  }
  const auto signal = signals_.next();
  if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
  return signal;
}

std::optional<int> ServiceRuntime::wait(std::int64_t ms) {
  constexpr std::int64_t kLongest = std::numeric_limits<int>::max();
  const auto beat = manager_.watchdog_every_ms();
  const Deadline end = Deadline::after_ms(ms < 0 ? kLongest : ms);
  while (true) {
    if (beat) manager_.watchdog();
    if (const auto signal = next()) return signal;
    if (ms >= 0 && end.passed()) return {};
    std::int64_t pause = ms < 0 ? kLongest : std::min(end.left_ms(), kLongest);
    if (beat) pause = std::min(pause, *beat);
    pollfd fd = {signals_.fd(), POLLIN, 0};
    static_cast<void>(::poll(&fd, 1, static_cast<int>(pause)));
  }
}

bool ServiceRuntime::stopping() {
  while (const auto signal = signals_.next()) {
    if (*signal == SIGTERM || *signal == SIGINT) {
      stopping_ = true;
    } else {
      others_.push_back(*signal);
    }
  }
  return stopping_;
}

}  // namespace socbridge
