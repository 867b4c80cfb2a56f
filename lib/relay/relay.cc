// SPDX-License-Identifier: Apache-2.0
// Relay supervisor: signals, spool directory watch, configuration reload, sd_notify.
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
constexpr std::uint64_t kWakeEvery = 1024;      // entries read between two wakeups
constexpr std::int64_t kWatchdogRetryMs = 100;  // while a worker has not completed a turn yet

}  // namespace

std::size_t worker_count(std::size_t in_flight, std::size_t processors) {
  constexpr std::size_t kMost = 4;
  constexpr std::size_t kRequestsEach = 8;
  return std::max<std::size_t>(std::min({in_flight / kRequestsEach, processors, kMost}), 1);
}

Relay::Relay(Env& env, spool::Spool& spool, integration::SettingsLookup& settings,
             RelayOptions options, EventLog& log)
    : context_{env, spool, settings, log, state_}, options_(std::move(options)) {
  options_.in_flight = std::max<std::size_t>(options_.in_flight, 1);
  if (options_.threads == 0) {
    options_.threads = worker_count(options_.in_flight, std::thread::hardware_concurrency());
  }
  options_.threads = std::min(options_.threads, options_.in_flight);
}

Relay::~Relay() {
  end_workers();
  context_.spool.failures().set_report({});
}

void Relay::start_watch() {
  auto watch = spool::Watch::start(context_.spool, spool::State::queue);
  if (watch.ok()) {
    watch_.emplace(std::move(*watch));
    return;
  }
  // An unusable folder is reported when it is read.
  const int error = watch.status().sys_errno();
  if (error == EACCES || error == ENOENT || error == ENOTDIR || error == ELOOP) return;
  context_.log.note(Level::warning, "watch",
                    watch.status().line() + "; the folder is scanned every 2 s instead",
                    steady_now_ms());
}

Status Relay::start_workers() {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    RelayOptions share = options_;
    share.in_flight =
        options_.in_flight / options_.threads + (i < options_.in_flight % options_.threads ? 1 : 0);
    workers_.all.push_back(std::make_unique<Worker>(context_, std::move(share)));
    if (const Status ready = workers_.all.back()->start(); !ready.ok()) return ready;
  }
  workers_.turns.resize(workers_.all.size());
  try {
    for (const auto& worker : workers_.all) {
      workers_.threads.emplace_back([&worker] { worker->run(); });
    }
  } catch (const std::system_error& error) {
    return Status::error(ExitCode::failure, std::string("cannot start a thread: ") + error.what(),
                         "raise the limit of processes (ulimit -u, TasksMax)");
  }
  return {};
}

Status Relay::start() {
  const std::int64_t now = steady_now_ms();
  report_failures();
  started_ms_ = wall_now_ms();
  clock_offset_ms_ = started_ms_ - now;
  next_.tick_ms = now + kTickMs;
  next_.tidy_ms = now;
  if (const Status started = start_workers(); !started.ok()) return started;
  scan();
  state_.scanned = true;
  started_ = true;
  wake_workers();
  write_metrics(now);
  return {};
}

void Relay::wake_workers() {
  for (const auto& worker : workers_.all) worker->wake();
}

void Relay::end_workers() {
  if (workers_.threads.empty()) return;
  state_.stop_at_ms = 0;
  state_.stopping = true;
  wake_workers();
  for (std::thread& thread : workers_.threads) thread.join();
  workers_.threads.clear();
}

void Relay::check_entry(const EntryId& id) {
  const auto info = context_.spool.info(spool::State::queue, spool::id_text(id));
  if (info) state_.ready.touched(id, info->next_attempt_ms);
}

// Linear in the number of entries. New ones count as due since their acceptance, without stat():
// the worker that takes one checks its time and returns it if it is not due.
void Relay::scan() {
  const UnixMillis wall = wall_now_ms();
  std::uint64_t count = 0;
  if (!watch_ && !options_.once) start_watch();
  const Status read = context_.spool.for_each(spool::State::queue, [&](std::string_view name) {
    const auto id = spool::parse_id(name);
    if (id) state_.ready.found(*id, std::min(static_cast<UnixMillis>(id->ms), wall));
    if (id && ++count % kWakeEvery == 0) wake_workers();
    return true;
  });
  const std::int64_t now = steady_now_ms();
  state_.unread = !read.ok();
  if (!read.ok()) watch_.reset();  // a new folder in its place is watched then
  next_.scan_ms = now + (watch_ && read.ok() ? kScanMs : kBlindScanMs);
}

void Relay::read_watch() {
  constexpr std::int64_t kClaimedMs = 250;
  bool lost = false;
  watch_->read([&](spool::Watch::Event event, std::string_view name) {
    if (event == spool::Watch::Event::lost_some) {
      lost = true;
      return;
    }
    const auto id = spool::parse_id(name);
    if (!id) return;
    switch (event) {
      case spool::Watch::Event::came:
        // Its writer still holds the claim; its release is an event too.
        state_.ready.found(*id, wall_now_ms() + kClaimedMs);
        break;
      case spool::Watch::Event::touched: check_entry(*id); break;
      case spool::Watch::Event::left: state_.ready.left(*id); break;
      case spool::Watch::Event::lost_some: break;
    }
  });
  if (lost) scan();
}

void Relay::reload() {
  ++state_.reloads;
  wake_workers();
}

void Relay::handle(int signal, ServiceManager& manager) {
  if (signal == SIGHUP) {
    manager.reloading();
    context_.settings.forget();
    reload();
    context_.log.say(Level::info, "reloaded");
    manager.ready(status_line());
    return;
  }
  const std::int64_t now = steady_now_ms();
  state_.stop_at_ms = state_.stopping ? now : now + options_.grace_ms;  // a second signal: at once
  state_.stopping = interrupted_ = true;
  wake_workers();
  manager.stopping(status_line());
}

void Relay::tick(std::int64_t steady_ms) {
  if (steady_ms < next_.tick_ms) return;
  next_.tick_ms = steady_ms + kTickMs;
  if (context_.settings.refresh()) {
    context_.log.say(Level::info, "the configuration changed; reading it again");
    reload();
  }
  check_clock(steady_ms);
  if (options_.once) return;
  if (steady_ms >= next_.holders_ms) {
    next_.holders_ms = steady_ms + kHoldersMs;
    log_holders(kHeldLongMs);
  }
  if (steady_ms >= next_.scan_ms) scan();
  if (steady_ms >= next_.tidy_ms) {
    next_.tidy_ms = steady_ms + kTidyMs;
    static_cast<void>(context_.spool.tidy(wall_now_ms()));
  }
  log_summary(steady_ms);
  if (steady_ms >= next_.metrics_ms) write_metrics(steady_ms);
}

void Relay::check_clock(std::int64_t steady_ms) {
  const std::int64_t offset = wall_now_ms() - steady_ms;
  if (std::abs(offset - clock_offset_ms_) <= kJumpMs) return;
  context_.log.say(Level::warning, "clock step detected; scanning the queue again");
  clock_offset_ms_ = offset;
  state_.ready.forget_due();
  reload();
  next_.scan_ms = steady_ms;
}

bool Relay::all_ended() const {
  return std::all_of(workers_.all.begin(), workers_.all.end(),
                     [](const auto& worker) { return worker->status().ended.load(); });
}

// Whether each worker is alive: it has completed a turn since the last time this was true.
bool Relay::all_turned() {
  for (std::size_t i = 0; i < workers_.all.size(); ++i) {
    if (!workers_.all[i]->status().ended && workers_.all[i]->status().turns == workers_.turns[i])
      return false;
  }
  for (std::size_t i = 0; i < workers_.all.size(); ++i)
    workers_.turns[i] = workers_.all[i]->status().turns;
  return true;
}

void Relay::wait(int signals_fd, std::int64_t pause_ms) {
  std::array<pollfd, 3> fds = {{{signals_fd, POLLIN, 0},
                                {state_.worker_ended.fd(), POLLIN, 0},
                                {watch_ ? watch_->fd() : -1, POLLIN, 0}}};
  static_cast<void>(::poll(fds.data(), fds.size(), static_cast<int>(pause_ms)));
  if (fds[1].revents != 0) state_.worker_ended.clear();
  if (fds[2].revents != 0) read_watch();
}

ExitCode Relay::run(SignalQueue& signals, ServiceManager& manager) {
  if (const Status started = start(); !started.ok()) {
    context_.log.say(Level::error, started.line());
    return started.code();
  }
  manager.ready(status_line());
  if (!options_.once) log_started();
  const std::int64_t beat = manager.watchdog_every_ms().value_or(0);
  std::int64_t next_beat = steady_now_ms();
  std::int64_t next_status = next_beat + kSecondMs;
  while (!all_ended()) {
    const std::int64_t now = steady_now_ms();
    while (const auto signal = signals.next()) handle(*signal, manager);
    if (beat > 0 && now >= next_beat) {
      const bool alive = all_turned();
      if (alive) {
        manager.watchdog();
      } else {
        wake_workers();  // an idle one turns at once
      }
      next_beat = now + (alive ? beat : kWatchdogRetryMs);
    }
    if (now >= next_status) {
      manager.status(status_line());
      next_status = now + kSecondMs;
    }
    const auto before = state_.ready.next_due_ms();
    if (!state_.stopping) tick(now);
    std::int64_t pause = std::clamp<std::int64_t>(next_status - now, 0, kSecondMs);
    if (beat > 0) pause = std::clamp<std::int64_t>(next_beat - now, 0, pause);
    wait(signals.fd(), pause);
    const auto after = state_.ready.next_due_ms();
    if (after && (!before || *after < *before)) wake_workers();
  }
  end_workers();
  write_metrics(steady_now_ms());
  if (!options_.once) {
    log_stopped();
    return ExitCode::ok;
  }
  if (interrupted_) return ExitCode::interrupted;
  log_holders(0);
  return code_of_once();
}

}  // namespace socbridge::relay
