// SPDX-License-Identifier: Apache-2.0
#include "stream/reader.h"

#include <poll.h>

#include <algorithm>
#include <random>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "stream/end.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kMostLines = std::size_t{1} << 20;
constexpr std::int64_t kHeartbeatSaveMs = 10000;

bool is_stopped(int fd, std::int64_t wait_ms) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, fd >= 0 ? 1 : 0, static_cast<int>(wait_ms)) > 0;
}

std::string member(std::string_view name, std::string_view value) {
  return json::quote(name) + ":" + json::quote(value);
}

}  // namespace

StreamReader::StreamReader(Env& env, ReaderSetup setup, const MatchSet& set, MatchJournal* journal,
                           StreamReport report)
    : env_(env),
      setup_(std::move(setup)),
      set_(set),
      journal_(journal),
      report_(std::move(report)),
      stream_(setup_.http),
      backoff_(setup_.shortest_pause_ms, setup_.longest_pause_ms) {}

Status StreamReader::commit() {
  committed_ms_ = steady_now_ms();
  if (journal_ != nullptr && !lines_.empty()) {
    if (const Status s = journal_->append(lines_); !s.ok()) return s;
  }
  lines_.clear();
  if (setup_.cursor_file.empty() || cursor_ == saved_ || !cursor_.id) return {};
  if (const Status s = save_cursor(env_, setup_.cursor_file, cursor_); !s.ok()) return s;
  saved_ = cursor_;
  return {};
}

bool StreamReader::caught_up() const {
  return setup_.once && reached_target_ && steady_now_ms() - last_change_ms_ >= setup_.idle_ms;
}

void StreamReader::report_progress() {
  constexpr std::int64_t kEveryMs = 60000;
  const std::int64_t now = steady_now_ms();
  if (now - progress_ms_ < kEveryMs) return;
  progress_ms_ = now;
  report_("progress", "\"events\":" + std::to_string(counts_.events) +
                          ",\"matches\":" + std::to_string(counts_.matches) +
                          ",\"values\":" + std::to_string(set_.size()) + ",\"waiting_bytes\":" +
                          std::to_string(journal_ == nullptr ? 0 : journal_->waiting_bytes()) +
                          "," + member("event_id", cursor_.id ? cursor_.id->text() : ""));
}

void StreamReader::publish() {
  const std::lock_guard lock(public_mutex_);
  public_counts_ = counts_;
  public_reading_ = reading_;
}

MatchCounts StreamReader::matches() const {
  const std::lock_guard lock(public_mutex_);
  return public_counts_;
}

StreamReader::Counts StreamReader::counts() const {
  const std::lock_guard lock(public_mutex_);
  return public_reading_;
}

bool StreamReader::tick() {
  ++beats_;
  publish();
  report_progress();
  const std::int64_t since = steady_now_ms() - committed_ms_;
  const bool heartbeat_only = lines_.empty() && cursor_.heartbeat && saved_.heartbeat;
  if (lines_.size() >= kMostLines ||
      since >= (heartbeat_only ? kHeartbeatSaveMs : setup_.flush_ms)) {
    error_ = commit();
    if (!error_.ok()) return false;
  }
  full_ = journal_ != nullptr && journal_->waiting_bytes() > setup_.most_waiting_bytes;
  return !full_ && !caught_up();
}

StreamReader::Next StreamReader::evaluate(const http::StreamEnd& end, std::int64_t& pause_ms,
                                          Status& fatal) {
  if (end.why == http::StreamEnd::Why::stopped) return Next::stopped;
  const EndVerdict verdict = evaluate_end(end, setup_.silence_ms);
  pause_ms = backoff_.failed(verdict.least_pause_ms);
  report_("disconnected",
          member("reason", verdict.reason) + ",\"retry_ms\":" + std::to_string(pause_ms));
  const bool hopeless = verdict.code != ExitCode::unreachable ||
                        backoff_.failing_ms() + pause_ms > setup_.wait_limit_ms;
  if (setup_.once && hopeless) {
    fatal = Status::error(verdict.code, "OpenCTI's stream: " + verdict.reason);
    return Next::done;
  }
  // Some of it at random, so that many consumers do not come back at once.
  static std::minstd_rand random{std::random_device{}()};
  pause_ms =
      pause_ms / 2 + static_cast<std::int64_t>(random() % static_cast<unsigned>(pause_ms / 2 + 1));
  return Next::reconnect;
}

StreamReader::Next StreamReader::connect(int stop_fd, Status& fatal) {
  http::Request request;
  request.url = request_url();
  request.bearer = setup_.token;
  request.headers = {{"Accept", "text/event-stream"}};
  http::StreamOptions options;
  options.idle_ms = setup_.silence_ms;
  options.stop_fd = stop_fd;
  http::StreamHandler handler;
  handler.opened = [&] { ++reading_.connections; };
  handler.bytes = [&](std::string_view bytes) {
    reading_.bytes += bytes.size();
    return parser_.feed(bytes, [&](const opencti::SseEvent& event) { return take(event); }) &&
           tick();
  };
  handler.tick = [&] { return tick(); };
  parser_.restart();
  again_ = false;
  target_.reset();
  beats_after_recovery_ = 0;
  const http::StreamEnd end = stream_.run(request, "text/event-stream", options, handler);
  publish();
  if (error_.ok()) error_ = commit();
  if (!error_.ok()) {
    fatal = error_;
    return Next::done;
  }
  if (is_stopped(stop_fd, 0)) return Next::stopped;
  if (caught_up()) return Next::done;
  if (again_) return Next::go_on;
  if (full_) {
    report_("paused", "\"waiting_bytes\":" + std::to_string(journal_->waiting_bytes()));
    while (journal_->waiting_bytes() > setup_.most_waiting_bytes / 2) {
      ++beats_;
      if (is_stopped(stop_fd, 200)) return Next::stopped;
    }
    return Next::go_on;
  }
  std::int64_t pause_ms = 0;
  const Next next = evaluate(end, pause_ms, fatal);
  for (const Deadline pause = Deadline::after_ms(pause_ms);
       next == Next::reconnect && !pause.passed();) {
    ++beats_;
    if (is_stopped(stop_fd, std::min<std::int64_t>(pause.left_ms(), 500))) return Next::stopped;
  }
  return next;
}

Status StreamReader::run(int stop_fd) {
  committed_ms_ = last_change_ms_ = progress_ms_ = steady_now_ms();
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
