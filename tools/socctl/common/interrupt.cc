// SPDX-License-Identifier: Apache-2.0
#include "socctl/common/interrupt.h"

#include <atomic>
#include <csignal>

#include "base/named_file.h"

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

}  // namespace socbridge::socctl
