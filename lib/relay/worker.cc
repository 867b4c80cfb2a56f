// SPDX-License-Identifier: Apache-2.0
// The loop of one hand: orders, what is due, answers, when to look again.
#include "relay/worker.h"

#include <algorithm>
#include <utility>

#include "relay/pending_request.h"

namespace socbridge::relay {
namespace {

constexpr std::int64_t kLongForOthersMs = 60000;

}  // namespace

Worker::Worker(Env& env, spool::Spool& spool, integration::SettingsLookup& accounts,
               RelayOptions options, EventLog& log, RelayState& desk)
    : env_(env),
      spool_(spool),
      accounts_(accounts),
      options_(options),
      log_(log),
      desk_(desk),
      table_(env, spool.dir()) {}

Worker::~Worker() = default;

Status Worker::start() {
  auto http = http::MultiClient::make(options_.in_flight + 1);  // one more asks about a key
  if (!http.ok()) return http.status();
  http_.emplace(std::move(*http));
  desk_.moved_ms = steady_now_ms();
  return {};
}

void Worker::wake() { http_->wake(); }

// The configuration, or the clock, or both may have changed: everything is found out again.
void Worker::reload() {
  for (auto& [settings, lane] : lanes_) {
    for (const PackedId& id : lane->waiting) {
      if (desk_.roster.unpark(id)) desk_.roster.put(id, wall_now_ms());
    }
  }
  lanes_.clear();  // those with something under way live on in their flights
}

// What everybody knows, not what a lane found when it last had something to send.
void Worker::show_closed() {
  std::vector<Closed> closed;
  for (const auto& [settings, lane] : lanes_) {
    const std::int64_t others = lane->others_since_ms();
    if (others > 0 && (options_.once || steady_now_ms() - others >= kLongForOthersMs)) {
      closed.push_back(
          {settings->endpoint.url, "others", "another process is finding out whether it answers"});
      continue;
    }
    if (!lane->no_lock().empty()) {
      closed.push_back({settings->endpoint.url, "no_lock", lane->no_lock()});
      continue;
    }
    delivery::Destination::View view = lane->destination().view();
    if (!view.left_alone()) continue;
    closed.push_back({settings->endpoint.url, std::move(view.state), std::move(view.message)});
  }
  const std::lock_guard<std::mutex> lock(shown_mutex_);
  shown_ = std::move(closed);
}

std::vector<Worker::Closed> Worker::closed() const {
  const std::lock_guard<std::mutex> lock(shown_mutex_);
  return shown_;
}

std::int64_t Worker::pause_ms(std::int64_t steady_ms) const {
  if (desk_.stopping) {
    return std::clamp<std::int64_t>(desk_.stop_at_ms - steady_ms, 0, kLongestPauseMs);
  }
  std::int64_t pause = kLongestPauseMs;
  if (!lanes_are_full()) {
    if (desk_.line.has_next()) return 0;
    if (const auto next = desk_.roster.next_due_ms()) {
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

void Worker::turn(std::int64_t steady_ms) {
  ++turns_;
  if (const std::uint64_t reloads = desk_.reloads; reloads != reloads_) {
    reloads_ = reloads;
    reload();
  }
  if (steady_ms >= next_show_ms_) {
    next_show_ms_ = steady_ms + kLongestPauseMs;
    show_closed();
  }
}

void Worker::run() {
  for (;;) {
    const std::int64_t now = steady_now_ms();
    turn(now);
    if (desk_.stopping) {
      if (now >= desk_.stop_at_ms) give_everything_up();
      if (flights_.empty()) break;
    } else {
      pump();
      if (options_.once && finished_once()) break;
    }
    for (http::MultiClient::Done& done : http_->wait(pause_ms(steady_now_ms()))) {
      came_back(std::move(done));
    }
    in_flight_ = flights_.size();
    if (!flights_.empty()) desk_.moved_ms = steady_now_ms();
  }
  show_closed();
  ended_ = true;
  desk_.bell.signal();
}

// No request of this relay has been under way for longer than one may take.
bool Worker::stands_still() const {
  constexpr std::int64_t kMoreMs = 5000;
  return steady_now_ms() - desk_.moved_ms >= options_.request_ms + kMoreMs;
}

bool Worker::finished_once() const {
  if (!flights_.empty() || !desk_.scanned) return false;
  if (stands_still()) return true;
  if (desk_.line.has_next() && !lanes_are_full()) return false;
  if (desk_.roster.held() > 0) return false;
  const auto next = desk_.roster.next_due_ms();
  if (next && *next <= wall_now_ms()) return false;
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane.second->waiting.empty() || lane.second->closed();
  });
}

}  // namespace socbridge::relay
