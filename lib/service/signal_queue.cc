// SPDX-License-Identifier: Apache-2.0
#include "service/signal_queue.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace socbridge {

SignalQueue::SignalQueue(const std::vector<int>& signals) {
  sigset_t wanted;
  sigset_t before;
  sigemptyset(&wanted);
  sigemptyset(&before);
  for (const int signal : signals) sigaddset(&wanted, signal);
  pthread_sigmask(SIG_BLOCK, &wanted, &before);
  for (const int signal : signals) {
    if (sigismember(&before, signal) == 0) mask_ |= 1ULL << static_cast<unsigned>(signal - 1);
  }
  fd_ = Fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalQueue::~SignalQueue() {
  constexpr int kSignals = 64;
  while (next()) {  // a pending one would act when it is unblocked
  }
  sigset_t ours;
  sigemptyset(&ours);
  for (int signal = 1; signal <= kSignals; ++signal) {
    if ((mask_ >> static_cast<unsigned>(signal - 1) & 1U) != 0) sigaddset(&ours, signal);
  }
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
}

std::optional<int> SignalQueue::next() {
  signalfd_siginfo info{};
  const ssize_t got = ::read(fd_.get(), &info, sizeof info);
  if (got != static_cast<ssize_t>(sizeof info)) return {};
  return static_cast<int>(info.ssi_signo);
}

}  // namespace socbridge
