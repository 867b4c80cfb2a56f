#include "enrich/stream_reader.h"

#include <poll.h>

#include <algorithm>
#include <cctype>
#include <random>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "opencti/stream_end.h"

namespace socbridge::enrich {
namespace {

using opencti::EventId;
using opencti::EventName;

constexpr std::size_t kMostLines = std::size_t{1} << 20;
constexpr std::int64_t kAuthPauseMs = 300000, kStoppedPauseMs = 60000;
constexpr std::int64_t kHeartbeatSaveMs = 10000;
constexpr int kPatience = 5;  // connections in a row that a run with an end tries

bool is_stopped(int fd, std::int64_t wait_ms) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, fd >= 0 ? 1 : 0, static_cast<int>(wait_ms)) > 0;
}

std::string member(std::string_view name, std::string_view value) {
  return json::quote(name) + ":" + json::quote(value);
}

std::string iso(std::uint64_t ms) { return format_utc(static_cast<UnixMillis>(ms)); }

}  // namespace

StreamReader::StreamReader(Env& env, ReaderSetup setup, const MatchSet& set, MatchJournal* journal,
                           StreamReport report)
    : env_(env),
      setup_(std::move(setup)),
      set_(set),
      journal_(journal),
      report_(std::move(report)),
      stream_(setup_.http) {}

// The cursor of the file, or what `from` says.
Status StreamReader::prepare() {
  if (!setup_.cursor_file.empty()) {
    auto loaded = load_cursor(env_, setup_.cursor_file);
    if (!loaded.ok()) return loaded.status();
    if (loaded->stream == setup_.url) cursor_ = saved_ = *loaded;
  }
  cursor_.stream = setup_.url;
  if (cursor_.id || setup_.from == "now") return {};
  const std::string& from = setup_.from;
  if (from == "start" || from == "0" || from == "0-0") {
    cursor_.id = EventId{};
    cursor_.recover_until = wall_now_ms();
  } else if (const auto id = EventId::parse(from)) {
    cursor_.id = *id;
  } else if (const auto ms = parse_u64(from)) {
    cursor_.id = EventId{*ms, 0};  // the server would take the bare number for "now"
  } else if (const auto time = parse_timestamp(from)) {
    cursor_.id = EventId{static_cast<std::uint64_t>(*time), 0};
  } else {
    return Status::error(ExitCode::usage,
                         "--from does not understand \"" + printable(from, 60) + "\"",
                         "it wants now, start, an event id such as 1763975702513-0, or a time such "
                         "as 2026-01-31T12:00:00Z");
  }
  return {};
}

std::string StreamReader::request_url() const {
  std::string url = setup_.url + "?no-dependencies=true&listen-delete=true";
  const auto start = cursor_.start();
  if (start) url += "&from=" + start->text();
  if (start && cursor_.recover_until) {
    url += "&recover=" + http::url_encode(format_utc(*cursor_.recover_until));
  }
  return url;
}

bool StreamReader::take_connected(const opencti::StreamEvent& event) {
  const opencti::Connected connected = opencti::read_connected(event);
  report_("connected", member("first", connected.first ? connected.first->text() : "") + "," +
                           member("last", connected.last ? connected.last->text() : "") +
                           ",\"kept\":" + std::to_string(connected.size));
  target_ = connected.last;
  const auto start = cursor_.start();
  const bool gap = start && connected.first && !cursor_.recover_until && start->ms > 0 &&
                   *start < *connected.first && *cursor_.id < *connected.first;
  if (gap) {
    // The server begins at what it still has without a word. Its database has what came before,
    // but for what was deleted meanwhile.
    ++reading_.gaps;
    report_("gap",
            member("from", iso(start->ms)) + "," + member("until", iso(connected.first->ms)));
    cursor_.recover_until = static_cast<UnixMillis>(connected.first->ms) - 1;
    cursor_.heartbeat = false;
    cursor_.id = start;
    again_ = true;
    return false;
  }
  if (!cursor_.id) cursor_.id = connected.last;
  reached_target_ = target_ && cursor_.id && !cursor_.recover_until && *target_ <= *cursor_.id;
  return true;
}

void StreamReader::take_heartbeat(const opencti::StreamEvent& event) {
  ++reading_.heartbeats;
  failures_ = 0;
  if (!event.id) return;
  if (cursor_.recover_until) {
    // A heartbeat may come while the database is still being read; two in a row with nothing
    // between them, and later than all of it, do not.
    const bool later = event.id->ms > static_cast<std::uint64_t>(*cursor_.recover_until);
    beats_after_recovery_ = later ? beats_after_recovery_ + 1 : 0;
    if (beats_after_recovery_ < 2) return;
    cursor_.recover_until.reset();
  }
  if (!cursor_.id || *cursor_.id < *event.id) {
    cursor_.id = event.id;
    cursor_.heartbeat = true;
  }
  reached_target_ = reached_target_ || !target_ || *target_ <= *event.id;
}

void StreamReader::take_change(const opencti::StreamEvent& event) {
  last_change_ms_ = steady_now_ms();
  for (const StreamMatch& match : match_event(event, set_, setup_.rules, wall_now_ms(), counts_)) {
    std::string line = match.json();
    report_("match", std::string_view(line).substr(1, line.size() - 2));
    if (journal_ != nullptr) lines_ += line + "\n";
  }
  if (event.dependency || !event.id) return;  // its id is that of the event still to come
  beats_after_recovery_ = 0;
  if (!event.recovered) cursor_.recover_until.reset();
  cursor_.id = event.id;
  cursor_.heartbeat = false;
  failures_ = 0;
  reached_target_ = reached_target_ || (target_ && !cursor_.recover_until && *target_ <= *event.id);
}

bool StreamReader::take(const opencti::SseEvent& from) {
  opencti::StreamEvent event;
  if (const Status read = opencti::read_event(from, event); !read.ok()) {
    ++reading_.malformed;
    report_("skipped",
            member("id", printable(from.id, 60)) + "," + member("reason", read.message()));
    return true;
  }
  switch (event.name) {
    case EventName::connected: return take_connected(event);
    case EventName::heartbeat: take_heartbeat(event); return true;
    case EventName::other: return true;
    default: break;
  }
  ++counts_.events;
  take_change(event);
  return true;
}

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

bool StreamReader::tick() {
  ++beats_;
  report_progress();
  const std::int64_t since = steady_now_ms() - committed_ms_;
  const bool heartbeat_only = lines_.empty() && cursor_.heartbeat && saved_.heartbeat;
  if (lines_.size() >= kMostLines ||
      since >= (heartbeat_only ? kHeartbeatSaveMs : setup_.flush_ms)) {
    trouble_ = commit();
    if (!trouble_.ok()) return false;
  }
  full_ = journal_ != nullptr && journal_->waiting_bytes() > setup_.most_waiting_bytes;
  return !full_ && !caught_up();
}

StreamReader::Next StreamReader::judge(const http::StreamEnd& end, std::int64_t& pause_ms,
                                       Status& fatal) {
  if (end.why == http::StreamEnd::Why::stopped) return Next::stopped;
  ++failures_;
  const std::int64_t doubled = setup_.shortest_pause_ms
                               << std::min<std::int64_t>(failures_ - 1, 16);
  pause_ms = std::min(doubled, setup_.longest_pause_ms);
  const Status why = opencti::explain_end(end, setup_.silence_ms);
  const std::string& reason = why.message();
  const ExitCode code = why.code();
  if (code == ExitCode::auth) pause_ms = std::max(pause_ms, kAuthPauseMs);
  if (code == ExitCode::refused) pause_ms = std::max(pause_ms, kStoppedPauseMs);
  pause_ms = std::max(pause_ms, end.outcome.response.retry_after_ms);
  report_("disconnected", member("reason", reason) + ",\"retry_ms\":" + std::to_string(pause_ms));
  const bool hopeless = code != ExitCode::unreachable || failures_ >= kPatience;
  if (setup_.once && hopeless) {
    fatal = Status::error(code, "OpenCTI's stream: " + reason);
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
  if (trouble_.ok()) trouble_ = commit();
  if (!trouble_.ok()) {
    fatal = trouble_;
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
  const Next next = judge(end, pause_ms, fatal);
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

}  // namespace socbridge::enrich
