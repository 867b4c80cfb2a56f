// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/position.h"

#include <utility>

#include "base/text.h"
#include "http/client.h"

namespace socbridge::stream {

using opencti::EventId;

StreamPosition::StreamPosition(std::string url) { cursor_.stream = std::move(url); }

Status StreamPosition::load(Env& env, const std::string& file, const std::string& from) {
  if (!file.empty()) {
    auto loaded = load_cursor(env, file);
    if (!loaded.ok()) return loaded.status();
    if (loaded->stream == cursor_.stream) cursor_ = saved_ = *loaded;
  }
  if (cursor_.id || from == "now") return {};
  if (from == "start" || from == "0" || from == "0-0") {
    cursor_.id = EventId{};
    cursor_.recover_until = wall_now_ms();
  } else if (const auto id = EventId::parse(from)) {
    cursor_.id = *id;
  } else if (const auto ms = parse_u64(from)) {
    cursor_.id = EventId{*ms, 0};  // the server would read the bare number as "now"
  } else if (const auto time = parse_timestamp(from)) {
    cursor_.id = EventId{static_cast<std::uint64_t>(*time), 0};
  } else {
    return Status::error(ExitCode::usage, "--from cannot be \"" + printable(from, 60) + "\"",
                         "give now, start, an event id such as 1763975702513-0, or a time such "
                         "as 2026-01-31T12:00:00Z");
  }
  return {};
}

Status StreamPosition::save(Env& env, const std::string& file) {
  if (file.empty() || cursor_ == saved_ || !cursor_.id) return {};
  if (const Status s = save_cursor(env, file, cursor_); !s.ok()) return s;
  saved_ = cursor_;
  return {};
}

std::string StreamPosition::request_url() const {
  std::string url = cursor_.stream + "?no-dependencies=true&listen-delete=true";
  const auto start = cursor_.start();
  if (start) url += "&from=" + start->text();
  if (start && cursor_.recover_until) {
    url += "&recover=" + http::url_encode(format_utc(*cursor_.recover_until));
  }
  return url;
}

void StreamPosition::reconnecting() {
  last_.reset();
  heartbeats_after_recovery_ = 0;
}

std::optional<StreamPosition::Gap> StreamPosition::connected(const opencti::Connected& connected) {
  last_ = connected.last;
  const auto start = cursor_.start();
  const bool gap = start && connected.first && !cursor_.recover_until && start->ms > 0 &&
                   *start < *connected.first && *cursor_.id < *connected.first;
  if (gap) {
    // The server silently begins at its oldest event. Its database has earlier objects, except
    // those deleted meanwhile.
    const auto first_ms = static_cast<UnixMillis>(connected.first->ms);
    cursor_.recover_until = first_ms - 1;
    cursor_.heartbeat = false;
    cursor_.id = start;
    return Gap{static_cast<UnixMillis>(start->ms), first_ms};
  }
  if (!cursor_.id) cursor_.id = connected.last;
  reached_last_ = last_ && cursor_.id && !cursor_.recover_until && *last_ <= *cursor_.id;
  return {};
}

void StreamPosition::heartbeat(const EventId& id) {
  if (cursor_.recover_until) {
    // A heartbeat may come while the database is still being read. Two in a row without an event
    // between them, later than the database snapshot, cannot.
    const bool later = id.ms > static_cast<std::uint64_t>(*cursor_.recover_until);
    heartbeats_after_recovery_ = later ? heartbeats_after_recovery_ + 1 : 0;
    if (heartbeats_after_recovery_ < 2) return;
    cursor_.recover_until.reset();
  }
  if (!cursor_.id || *cursor_.id < id) {
    cursor_.id = id;
    cursor_.heartbeat = true;
  }
  reached_last_ = reached_last_ || !last_ || *last_ <= id;
}

void StreamPosition::changed(const EventId& id, bool recovered) {
  heartbeats_after_recovery_ = 0;
  if (!recovered) cursor_.recover_until.reset();
  cursor_.id = id;
  cursor_.heartbeat = false;
  reached_last_ = reached_last_ || (last_ && !cursor_.recover_until && *last_ <= id);
}

}  // namespace socbridge::stream
