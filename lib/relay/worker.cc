// SPDX-License-Identifier: Apache-2.0
#include "relay/worker.h"

#include <algorithm>
#include <utility>

namespace socbridge::relay {
namespace {

constexpr std::int64_t kLongProbingMs = 60000;

}  // namespace

Worker::Worker(const RelayContext& context, RelayOptions options)
    : context_(context), options_(std::move(options)), table_(context.env, context.spool.dir()) {}

Status Worker::start() {
  auto http = http::MultiClient::make(options_.in_flight + 1);  // one more to check a key
  if (!http.ok()) return http.status();
  http_.emplace(std::move(*http));
  context_.state.last_request_ms = steady_now_ms();
  return {};
}

void Worker::wake() { http_->wake(); }

// The configuration or the clock may have changed.
void Worker::reload() {
  for (auto& [settings, destination] : destinations_) {
    for (const EntryId& id : destination->waiting) {
      if (context_.state.ready.unpark(id)) context_.state.ready.put(id, wall_now_ms());
    }
  }
  destinations_.clear();  // those with requests in flight live on in them
}

void Worker::show_blocked() {
  std::vector<BlockedDestination> all;
  for (const auto& [settings, destination] : destinations_) {
    auto blocked = destination->blocked(steady_now_ms(), options_.once ? 0 : kLongProbingMs);
    if (blocked) all.push_back(std::move(*blocked));
  }
  status_.set_blocked(std::move(all));
}

std::int64_t Worker::pause_ms(std::int64_t steady_ms) const {
  if (context_.state.stopping) {
    return std::clamp<std::int64_t>(context_.state.stop_at_ms - steady_ms, 0, kLongestPauseMs);
  }
  std::int64_t pause = kLongestPauseMs;
  if (!destinations_are_full()) {
    if (context_.state.references.has_next()) return 0;
    if (const auto next = context_.state.ready.next_due_ms()) {
      pause = std::clamp<std::int64_t>(*next - wall_now_ms(), 0, pause);
    }
  }
  for (const auto& [settings, destination] : destinations_) {
    if (destination->waiting.empty() || !destination->has_room() ||
        requests_.size() >= options_.in_flight)
      continue;
    pause = std::clamp<std::int64_t>(destination->next_try_ms() - steady_ms, 0, pause);
  }
  return pause;
}

void Worker::turn(std::int64_t steady_ms) {
  ++status_.turns;
  if (const std::uint64_t reloads = context_.state.reloads; reloads != reloads_) {
    reloads_ = reloads;
    reload();
  }
  if (steady_ms >= next_show_ms_) {
    next_show_ms_ = steady_ms + kLongestPauseMs;
    show_blocked();
  }
}

void Worker::run() {
  for (;;) {
    const std::int64_t now = steady_now_ms();
    turn(now);
    if (context_.state.stopping) {
      if (now >= context_.state.stop_at_ms) abort_all();
      if (requests_.empty()) break;
    } else {
      dispatch_due();
      if (options_.once && finished_once()) break;
    }
    for (http::MultiClient::Done& done : http_->wait(pause_ms(steady_now_ms()))) {
      complete(std::move(done));
    }
    status_.in_flight = requests_.size();
    if (!requests_.empty()) context_.state.last_request_ms = steady_now_ms();
  }
  show_blocked();
  status_.ended = true;
  context_.state.worker_ended.signal();
}

// Whether no request of this relay has been in flight for longer than one may take.
bool Worker::is_idle() const {
  constexpr std::int64_t kMoreMs = 5000;
  return steady_now_ms() - context_.state.last_request_ms >= options_.request_ms + kMoreMs;
}

bool Worker::finished_once() const {
  if (!requests_.empty() || !context_.state.scanned) return false;
  if (is_idle()) return true;
  if (context_.state.references.has_next() && !destinations_are_full()) return false;
  if (context_.state.ready.held() > 0) return false;
  const auto next = context_.state.ready.next_due_ms();
  if (next && *next <= wall_now_ms()) return false;
  return std::all_of(destinations_.begin(), destinations_.end(), [](const auto& entry) {
    return entry.second->waiting.empty() || entry.second->refused();
  });
}

}  // namespace socbridge::relay
