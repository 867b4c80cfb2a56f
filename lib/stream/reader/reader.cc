// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/reader.h"

#include <poll.h>

#include <algorithm>
#include <random>

#include "base/time.h"
#include "stream/reader/end.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kMostLines = std::size_t{1} << 20;
constexpr std::int64_t kHeartbeatSaveMs = 10000;

bool is_stopped(int fd, std::int64_t wait_ms) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, fd >= 0 ? 1 : 0, static_cast<int>(wait_ms)) > 0;
}

}  // namespace

StreamReader::StreamReader(Env& env, ReaderSetup setup, const MatchSet& set, MatchJournal* journal,
                           EventSink sink)
    : env_(env),
      setup_(std::move(setup)),
      set_(set),
      journal_(journal),
      sink_(std::move(sink)),
      stream_(setup_.http),
      position_(setup_.url),
      backoff_(setup_.shortest_pause_ms, setup_.longest_pause_ms) {}

Status StreamReader::prepare() { return position_.load(env_, setup_.cursor_file, setup_.from); }

Status StreamReader::commit() {
  last_.committed_ms = steady_now_ms();
  if (journal_ != nullptr && !lines_.empty()) {
    if (const Status s = journal_->append(lines_); !s.ok()) return s;
  }
  lines_.clear();
  return position_.save(env_, setup_.cursor_file);
}

bool StreamReader::caught_up() const {
  return setup_.once && position_.reached_last() &&
         steady_now_ms() - last_.change_ms >= setup_.idle_ms;
}

std::uint64_t StreamReader::waiting_bytes() const {
  return journal_ == nullptr ? 0 : journal_->waiting_bytes();
}

void StreamReader::report_progress() {
  constexpr std::int64_t kEveryMs = 60000;
  const std::int64_t now = steady_now_ms();
  if (now - last_.progress_ms < kEveryMs) return;
  last_.progress_ms = now;
  sink_(event::Progress{counts_.matches.events, counts_.matches.matches, set_.size(),
                        waiting_bytes(), position_.id_text()});
}

bool StreamReader::tick() {
  counts_.shared.beat();
  counts_.shared.publish(counts_.matches, counts_.reading);
  report_progress();
  const std::int64_t since = steady_now_ms() - last_.committed_ms;
  const bool heartbeat_only = lines_.empty() && position_.moved_by_heartbeats();
  if (lines_.size() >= kMostLines ||
      since >= (heartbeat_only ? kHeartbeatSaveMs : setup_.flush_ms)) {
    state_.error = commit();
    if (!state_.error.ok()) return false;
  }
  state_.full = waiting_bytes() > setup_.most_waiting_bytes;
  return !state_.full && !caught_up();
}

StreamReader::Next StreamReader::evaluate(const http::StreamEnd& end, std::int64_t& pause_ms,
                                          Status& fatal) {
  if (end.why == http::StreamEnd::Why::stopped) return Next::stopped;
  const EndVerdict verdict = evaluate_end(end, setup_.silence_ms);
  pause_ms = backoff_.failed(verdict.least_pause_ms);
  sink_(event::Disconnected{verdict.reason, pause_ms});
  const bool hopeless = verdict.code != ExitCode::unreachable ||
                        backoff_.failing_ms() + pause_ms > setup_.wait_limit_ms;
  if (setup_.once && hopeless) {
    fatal = Status::error(verdict.code, "OpenCTI's stream: " + verdict.reason);
    return Next::done;
  }
  // Partly random, so that many consumers do not reconnect at once.
  static std::minstd_rand random{std::random_device{}()};
  pause_ms =
      pause_ms / 2 + static_cast<std::int64_t>(random() % static_cast<unsigned>(pause_ms / 2 + 1));
  return Next::reconnect;
}

StreamReader::Next StreamReader::wait_for_room(int stop_fd) {
  constexpr std::int64_t kLookMs = 200;
  sink_(event::Paused{waiting_bytes()});
  while (waiting_bytes() > setup_.most_waiting_bytes / 2) {
    counts_.shared.beat();
    if (is_stopped(stop_fd, kLookMs)) return Next::stopped;
  }
  return Next::go_on;
}

StreamReader::Next StreamReader::connect(int stop_fd, Status& fatal) {
  http::Request request;
  request.url = position_.request_url();
  request.bearer = setup_.token;
  request.headers = {{"Accept", "text/event-stream"}};
  http::StreamOptions options;
  options.idle_ms = setup_.silence_ms;
  options.stop_fd = stop_fd;
  http::StreamHandler handler;
  handler.opened = [&] { ++counts_.reading.connections; };
  handler.bytes = [&](std::string_view bytes) {
    counts_.reading.bytes += bytes.size();
    return parser_.feed(bytes, [&](const opencti::SseEvent& event) { return take(event); }) &&
           tick();
  };
  handler.tick = [&] { return tick(); };
  parser_.restart();
  position_.reconnecting();
  state_.recover = false;
  const http::StreamEnd end = stream_.run(request, "text/event-stream", options, handler);
  counts_.shared.publish(counts_.matches, counts_.reading);
  if (state_.error.ok()) state_.error = commit();
  if (!state_.error.ok()) {
    fatal = state_.error;
    return Next::done;
  }
  if (is_stopped(stop_fd, 0)) return Next::stopped;
  if (caught_up()) return Next::done;
  if (state_.recover) return Next::go_on;
  if (state_.full) return wait_for_room(stop_fd);
  std::int64_t pause_ms = 0;
  const Next next = evaluate(end, pause_ms, fatal);
  for (const Deadline pause = Deadline::after_ms(pause_ms);
       next == Next::reconnect && !pause.passed();) {
    counts_.shared.beat();
    if (is_stopped(stop_fd, std::min<std::int64_t>(pause.left_ms(), 500))) return Next::stopped;
  }
  return next;
}

Status StreamReader::run(int stop_fd) {
  last_.committed_ms = last_.change_ms = last_.progress_ms = steady_now_ms();
  while (true) {
    Status fatal;
    switch (connect(stop_fd, fatal)) {
      case Next::done: return fatal;
      case Next::stopped:
        return Status::error(ExitCode::interrupted, "stopped before all was read");
      default: break;
    }
  }
}

}  // namespace socbridge::stream
