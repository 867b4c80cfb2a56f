// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/interrupt.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <csignal>

#include "base/named_file.h"
#include "base/time.h"

namespace socbridge::socctl {
namespace {

std::atomic<bool> wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void note(int) { wanted.store(true, std::memory_order_relaxed); }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  stop_waiting_when(interrupted);
}

bool interrupted() { return wanted.load(std::memory_order_relaxed); }

bool sleep_unless_interrupted(std::int64_t ms) {
  constexpr std::int64_t kLongestMs = 1000;  // the signal may arrive in another thread
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  for (const Deadline end = Deadline::after_ms(ms); !end.passed();) {
    // Blocked between the check and the sleep, so that no signal is missed.
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &both, &before);
    if (!interrupted()) {
      const std::int64_t step = std::min(end.left_ms(), kLongestMs);
      const timespec time{step / 1000, step % 1000 * 1000000};
      ::ppoll(nullptr, 0, &time, &before);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (interrupted()) return false;
  }
  return !interrupted();
}

}  // namespace socbridge::socctl
