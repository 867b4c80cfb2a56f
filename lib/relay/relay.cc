// SPDX-License-Identifier: Apache-2.0
// The clerk: signals, the folder, the configuration, the service manager.
#include "relay/relay.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace socbridge::relay {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kTickMs = 2 * kSecondMs;
constexpr std::int64_t kScanMs = 60 * kSecondMs;
constexpr std::int64_t kBlindScanMs = 2 * kSecondMs;  // without inotify
constexpr std::int64_t kTidyMs = 3600 * kSecondMs;
constexpr std::int64_t kHoldersMs = 10 * kSecondMs;
constexpr std::int64_t kHeldLongMs = 60 * kSecondMs;
constexpr std::int64_t kJumpMs = 5 * kSecondMs;
constexpr std::uint64_t kWakeEvery = 1024;     // entries read
constexpr std::int64_t kWatchdogLookMs = 100;  // while a hand has not turned yet

}  // namespace

std::size_t hands_for(std::size_t in_flight, std::size_t processors) {
  constexpr std::size_t kMost = 4;
  constexpr std::size_t kRequestsEach = 8;
  return std::max<std::size_t>(std::min({in_flight / kRequestsEach, processors, kMost}), 1);
}

Relay::Relay(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts,
             RelayOptions options, EventLog& log)
    : env_(env), spool_(spool), accounts_(accounts), options_(options), log_(log) {
  options_.in_flight = std::max<std::size_t>(options_.in_flight, 1);
  if (options_.threads == 0) {
    options_.threads = hands_for(options_.in_flight, std::thread::hardware_concurrency());
  }
  options_.threads = std::min(options_.threads, options_.in_flight);
}

Relay::~Relay() {
  end_hands();
  spool_.failures().set_report({});
}

void Relay::start_watch() {
  auto watch = spool::Watch::start(spool_, spool::State::queue);
  if (watch.ok()) {
    watch_.emplace(std::move(*watch));
    return;
  }
  // A folder that cannot be used is reported when it is read.
  const int error = watch.status().sys_errno();
  if (error == EACCES || error == ENOENT || error == ENOTDIR || error == ELOOP) return;
  log_.note(Level::warning, "watch",
            watch.status().line() + "; the folder is read every 2 s instead", steady_now_ms());
}

Status Relay::start() {
  const std::int64_t now = steady_now_ms();
  report_failures();
  started_ms_ = wall_now_ms();
  clock_offset_ms_ = started_ms_ - now;
  next_tick_ms_ = now + kTickMs;
  next_tidy_ms_ = now;
  for (std::size_t i = 0; i < options_.threads; ++i) {
    RelayOptions share = options_;
    share.in_flight =
        options_.in_flight / options_.threads + (i < options_.in_flight % options_.threads ? 1 : 0);
    hands_.push_back(std::make_unique<Worker>(env_, spool_, accounts_, share, log_, desk_));
    if (const Status ready = hands_.back()->start(); !ready.ok()) return ready;
  }
  turns_.resize(hands_.size());
  try {
    for (const auto& hand : hands_) threads_.emplace_back([&hand] { hand->run(); });
  } catch (const std::system_error& error) {
    return Status::error(ExitCode::failure, std::string("cannot start a thread: ") + error.what(),
                         "raise the limit of processes (ulimit -u, TasksMax)");
  }
  scan();
  desk_.scanned = true;
  wake_hands();
  write_metrics(now);
  return {};
}

void Relay::wake_hands() {
  for (const auto& hand : hands_) hand->wake();
}

void Relay::end_hands() {
  if (threads_.empty()) return;
  desk_.stop_at_ms = 0;
  desk_.stopping = true;
  wake_hands();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Relay::look_at(const PackedId& id) {
  const auto info = spool_.info(spool::State::queue, unpack(id));
  if (info) desk_.roster.touched(id, info->next_attempt_ms);
}

// Linear in the number of entries. New ones count as due since they were accepted, without a look
// at the file: whoever takes one up sees its time and gives it back if that is not so.
void Relay::scan() {
  const UnixMillis wall = wall_now_ms();
  std::uint64_t count = 0;
  if (!watch_ && !options_.once) start_watch();
  const Status read = spool_.for_each(spool::State::queue, [&](std::string_view name) {
    const auto id = pack(name);
    if (id) desk_.roster.found(*id, std::min(static_cast<UnixMillis>(id->ms), wall));
    if (id && ++count % kWakeEvery == 0) wake_hands();
    return true;
  });
  const std::int64_t now = steady_now_ms();
  desk_.unread = !read.ok();
  if (!read.ok()) watch_.reset();  // what comes in its place is watched then
  next_scan_ms_ = now + (watch_ && read.ok() ? kScanMs : kBlindScanMs);
}

void Relay::hear() {
  constexpr std::int64_t kClaimedMs = 250;
  bool lost = false;
  watch_->read([&](spool::Watch::Event event, std::string_view name) {
    if (event == spool::Watch::Event::lost_some) {
      lost = true;
      return;
    }
    const auto id = pack(name);
    if (!id) return;
    switch (event) {
      case spool::Watch::Event::came:
        // Whoever brought it still has it; the end of that is heard too.
        desk_.roster.found(*id, wall_now_ms() + kClaimedMs);
        break;
      case spool::Watch::Event::touched: look_at(*id); break;
      case spool::Watch::Event::left: desk_.roster.left(*id); break;
      case spool::Watch::Event::lost_some: break;
    }
  });
  if (lost) scan();
}

void Relay::reload() {
  ++desk_.reloads;
  wake_hands();
}

void Relay::obey(int signal, ServiceManager& manager) {
  if (signal == SIGHUP) {
    manager.reloading();
    accounts_.forget();
    reload();
    log_.say(Level::info, "reloaded");
    manager.ready(status_line());
    return;
  }
  const std::int64_t now = steady_now_ms();
  desk_.stop_at_ms = desk_.stopping ? now : now + options_.grace_ms;  // twice: at once
  desk_.stopping = interrupted_ = true;
  wake_hands();
  manager.stopping(status_line());
}

void Relay::tick(std::int64_t steady_ms) {
  if (steady_ms < next_tick_ms_) return;
  next_tick_ms_ = steady_ms + kTickMs;
  if (accounts_.refresh()) {
    log_.say(Level::info, "the configuration changed; it is read again");
    reload();
  }
  const std::int64_t offset = wall_now_ms() - steady_ms;
  if (std::abs(offset - clock_offset_ms_) > kJumpMs) {
    log_.say(Level::warning, "the clock jumped; all waiting alerts are looked at again");
    clock_offset_ms_ = offset;
    desk_.roster.forget_due();
    reload();
    next_scan_ms_ = steady_ms;
  }
  if (options_.once) return;
  if (steady_ms >= next_holders_ms_) {
    next_holders_ms_ = steady_ms + kHoldersMs;
    name_holders(kHeldLongMs);
  }
  if (steady_ms >= next_scan_ms_) scan();
  if (steady_ms >= next_tidy_ms_) {
    next_tidy_ms_ = steady_ms + kTidyMs;
    static_cast<void>(spool_.tidy(wall_now_ms()));
  }
  summarise(steady_ms);
  if (steady_ms >= next_metrics_ms_) write_metrics(steady_ms);
}

bool Relay::all_ended() const {
  return std::all_of(hands_.begin(), hands_.end(), [](const auto& hand) { return hand->ended(); });
}

// Whether each hand is alive: it has turned since this was last true.
bool Relay::all_turned() {
  for (std::size_t i = 0; i < hands_.size(); ++i) {
    if (!hands_[i]->ended() && hands_[i]->turns() == turns_[i]) return false;
  }
  for (std::size_t i = 0; i < hands_.size(); ++i) turns_[i] = hands_[i]->turns();
  return true;
}

// What is heard meanwhile is told at once to hands that would have slept past it.
void Relay::wait(int signals_fd, std::int64_t pause_ms) {
  std::array<pollfd, 3> fds = {{{signals_fd, POLLIN, 0},
                                {desk_.bell.fd(), POLLIN, 0},
                                {watch_ ? watch_->fd() : -1, POLLIN, 0}}};
  static_cast<void>(::poll(fds.data(), fds.size(), static_cast<int>(pause_ms)));
  if (fds[1].revents != 0) desk_.bell.clear();
  if (fds[2].revents != 0) hear();
}

ExitCode Relay::run(SignalQueue& signals, ServiceManager& manager) {
  if (const Status started = start(); !started.ok()) {
    log_.say(Level::error, started.line());
    return started.code();
  }
  manager.ready(status_line());
  if (!options_.once) say_started();
  const std::int64_t beat = manager.watchdog_every_ms().value_or(0);
  std::int64_t next_beat = steady_now_ms();
  std::int64_t next_status = next_beat + kSecondMs;
  while (!all_ended()) {
    const std::int64_t now = steady_now_ms();
    while (const auto signal = signals.next()) obey(*signal, manager);
    if (beat > 0 && now >= next_beat) {
      const bool alive = all_turned();
      if (alive) {
        manager.watchdog();
      } else {
        wake_hands();  // one that only sleeps turns at once
      }
      next_beat = now + (alive ? beat : kWatchdogLookMs);
    }
    if (now >= next_status) {
      manager.status(status_line());
      next_status = now + kSecondMs;
    }
    const auto before = desk_.roster.next_due_ms();
    if (!desk_.stopping) tick(now);
    std::int64_t pause = std::clamp<std::int64_t>(next_status - now, 0, kSecondMs);
    if (beat > 0) pause = std::clamp<std::int64_t>(next_beat - now, 0, pause);
    wait(signals.fd(), pause);
    const auto after = desk_.roster.next_due_ms();
    if (after && (!before || *after < *before)) wake_hands();
  }
  end_hands();
  write_metrics(steady_now_ms());
  if (!options_.once) {
    say_stopped();
    return ExitCode::ok;
  }
  if (interrupted_) return ExitCode::interrupted;
  name_holders(0);
  return code_of_once();
}

}  // namespace socbridge::relay
