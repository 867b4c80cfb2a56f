// The loop: what is heard, what is due, when to look again.
#include "relay/relay.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>
#include <vector>

#include "relay/relay_flight.h"
#include "relay/retry.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kTickMs = 2 * kRelaySecondMs;
constexpr std::int64_t kScanMs = 60 * kRelaySecondMs;
constexpr std::int64_t kBlindScanMs = 2 * kRelaySecondMs;  // without inotify
constexpr std::int64_t kTidyMs = 3600 * kRelaySecondMs;
constexpr std::int64_t kSummaryMs = 600 * kRelaySecondMs;
constexpr std::int64_t kJumpMs = 5 * kRelaySecondMs;

std::string plural(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

Relay::Relay(Env& env, spool::Spool& spool, Accounts& accounts, RelayOptions options, EventLog& log)
    : env_(env), spool_(spool), accounts_(accounts), options_(options), log_(log) {
  options_.in_flight = std::max<std::size_t>(options_.in_flight, 1);
}

Relay::~Relay() = default;

std::uint64_t Relay::waiting() const {
  std::uint64_t count = due_.size();
  for (const auto& [settings, lane] : lanes_) count += lane->waiting.size();
  return count;
}

bool Relay::known(const PackedId& id) const {
  if (due_.knows(id) || flying_.contains(id)) return true;
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [&](const auto& lane) { return lane.second->waiting.contains(id); });
}

Status Relay::start() {
  auto http = http::MultiClient::make(options_.in_flight + 1);  // one more asks about a key
  if (!http.ok()) return http.status();
  http_.emplace(std::move(*http));
  const std::int64_t now = steady_now_ms();
  clock_offset_ms_ = wall_now_ms() - now;
  if (!options_.once) {
    // Before the first scan, so that nothing falls between the two.
    auto watch = spool::Watch::start(spool_, spool::State::queue);
    if (watch.ok()) {
      watch_.emplace(std::move(*watch));
    } else {
      log_.say(Level::warning, watch.status().line() + "; the folder is read every 2 s instead");
    }
  }
  next_tick_ms_ = now + kTickMs;
  next_tidy_ms_ = now;
  next_summary_ms_ = now + kSummaryMs;
  patience_ms_ = now + options_.request_ms + 5 * kRelaySecondMs;
  scan();
  return {};
}

void Relay::look_at(const PackedId& id) {
  const auto info = spool_.info(spool::State::queue, unpack(id));
  if (info) due_.put(id, info->next_attempt_ms);
}

// Linear in the number of entries, but only new ones are looked at.
void Relay::scan() {
  const Status read = spool_.for_each(spool::State::queue, [&](std::string_view name) {
    const auto id = pack(name);
    if (id && !known(*id)) look_at(*id);
    return true;
  });
  const std::int64_t now = steady_now_ms();
  if (!read.ok()) log_.note(Level::error, "spool", read.line(), now);
  next_scan_ms_ = now + (watch_ ? kScanMs : kBlindScanMs);
}

void Relay::hear() {
  if (!watch_) return;
  constexpr std::int64_t kClaimedMs = 250;
  bool lost = false;
  watch_->read([&](spool::Watch::Event event, std::string_view name) {
    if (event == spool::Watch::Event::lost_some) {
      lost = true;
      return;
    }
    const auto id = pack(name);
    if (!id || flying_.contains(*id)) return;
    switch (event) {
      case spool::Watch::Event::came:
        // Whoever brought it still has it; the end of that is heard too.
        if (!known(*id)) due_.put(*id, wall_now_ms() + kClaimedMs);
        break;
      case spool::Watch::Event::touched:
        if (!known(*id) || due_.knows(*id)) look_at(*id);
        break;
      case spool::Watch::Event::left:
        due_.drop(*id);
        busy_.erase(*id);
        for (const auto& [settings, lane] : lanes_) lane->waiting.erase(*id);
        break;
      case spool::Watch::Event::lost_some: break;
    }
  });
  if (lost) scan();
}

// The configuration, or the clock, or both may have changed: everything is found out again.
void Relay::reload() {
  for (auto& [settings, lane] : lanes_) {
    for (const PackedId& id : lane->waiting) due_.put(id, wall_now_ms());
  }
  lanes_.clear();  // those with something under way live on in their flights
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
    reload();
    due_.clear();
    next_scan_ms_ = steady_ms;
  }
  if (options_.once) return;
  if (steady_ms >= next_scan_ms_) scan();
  if (steady_ms >= next_tidy_ms_) {
    next_tidy_ms_ = steady_ms + kTidyMs;
    static_cast<void>(spool_.tidy(wall_now_ms()));
  }
  if (steady_ms >= next_summary_ms_) {
    next_summary_ms_ = steady_ms + kSummaryMs;
    const std::uint64_t delivered = counts_.delivered - told_.delivered;
    if (delivered > 0) {
      log_.say(Level::info, plural(delivered, "alert", "alerts") + " delivered in 10 minutes, " +
                                std::to_string(waiting()) + " waiting");
    }
    told_ = counts_;
  }
}

std::int64_t Relay::pause_ms(std::int64_t steady_ms) const {
  std::int64_t pause = std::max<std::int64_t>(next_tick_ms_ - steady_ms, 0);
  if (stopping_) return std::clamp<std::int64_t>(stop_at_ms_ - steady_ms, 0, pause);
  if (!lanes_are_full()) {
    if (const auto next = due_.next_due_ms()) {
      pause = std::clamp<std::int64_t>(*next - wall_now_ms(), 0, pause);
    }
  }
  for (const auto& [settings, lane] : lanes_) {
    if (lane->waiting.empty() || !lane->has_room() || flights_.size() >= options_.in_flight)
      continue;
    pause = std::clamp<std::int64_t>(lane->look_again_ms() - steady_ms, 0, pause);
  }
  return pause;
}

std::string Relay::status_line() const {
  std::string text = std::to_string(flights_.size()) + " in flight, " + std::to_string(waiting()) +
                     " waiting, " + std::to_string(counts_.delivered) + " delivered";
  for (const auto& [settings, lane] : lanes_) {
    if (lane->closed()) text += "; " + lane->settings().endpoint.url + ": " + lane->why();
  }
  return text;
}

ExitCode Relay::run(SignalQueue& signals, ServiceManager& manager) {
  if (const Status started = start(); !started.ok()) {
    log_.say(Level::error, started.line());
    return started.code();
  }
  manager.ready(status_line());
  if (!options_.once) {
    log_.say(Level::info, "started: " + plural(waiting(), "alert", "alerts") + " waiting in " +
                              spool_.dir() + "/queue, up to " + std::to_string(options_.in_flight) +
                              " in flight");
  }
  const std::int64_t beat = manager.watchdog_every_ms().value_or(0);
  std::int64_t next_beat = steady_now_ms();
  std::int64_t next_status = next_beat + kRelaySecondMs;
  bool interrupted = false;
  for (;;) {
    const std::int64_t now = steady_now_ms();
    while (const auto signal = signals.next()) {
      if (*signal == SIGHUP) {
        manager.reloading();
        static_cast<void>(accounts_.refresh());
        accounts_.forget();
        reload();
        log_.say(Level::info, "reloaded");
        manager.ready(status_line());
        continue;
      }
      stop_at_ms_ = stopping_ ? now : now + options_.grace_ms;  // twice: at once
      stopping_ = interrupted = true;
      manager.stopping(status_line());
    }
    if (beat > 0 && now >= next_beat) {
      manager.watchdog();
      next_beat = now + beat;
    }
    if (now >= next_status) {
      manager.status(status_line());
      next_status = now + kRelaySecondMs;
    }
    if (stopping_) {
      if (now >= stop_at_ms_) give_everything_up();
      if (flights_.empty()) break;
    } else {
      tick(now);
      pump();
      if (options_.once && finished_once()) break;
    }
    std::array<http::MultiClient::Watched, 2> watched = {
        {{signals.fd()}, {watch_ ? watch_->fd() : signals.fd()}}};
    std::int64_t pause = pause_ms(steady_now_ms());
    if (beat > 0) pause = std::clamp<std::int64_t>(next_beat - now, 0, pause);
    for (http::MultiClient::Done& done : http_->wait(pause, watched)) came_back(std::move(done));
    if (watch_ && watched[1].readable) hear();
  }
  if (!options_.once) {
    log_.say(Level::info, "stopped: " + std::to_string(counts_.delivered) + " delivered, " +
                              std::to_string(waiting()) + " waiting");
    return ExitCode::ok;
  }
  return interrupted ? ExitCode::interrupted : code_of_once();
}

bool Relay::finished_once() const {
  if (!flights_.empty()) return false;
  if (!busy_.empty() && steady_now_ms() < patience_ms_) return false;
  const auto next = due_.next_due_ms();
  if (busy_.empty() && next && *next <= wall_now_ms()) return false;
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane.second->waiting.empty() || lane.second->closed();
  });
}

ExitCode Relay::code_of_once() const {
  bool refused_key = false;
  bool left_alone = false;
  std::uint64_t left =
      counts_.postponed + counts_.dead + counts_.corrupt + misconfigured_ + unsaved_ + busy_.size();
  for (const auto& [settings, lane] : lanes_) {
    left += lane->waiting.size();
    if (!lane->closed()) continue;
    refused_key = refused_key || lane->closed_by() == "auth";
    left_alone = left_alone || lane->closed_by() != "auth";
  }
  if (refused_key) return ExitCode::auth;
  if (left_alone) return ExitCode::unreachable;
  if (left == 0) return ExitCode::ok;
  if (counts_.delivered > 0) return ExitCode::degraded;
  if (unanswered_ > 0) return ExitCode::unreachable;
  return misconfigured_ > 0 ? ExitCode::usage : ExitCode::degraded;
}

}  // namespace socbridge::relay
