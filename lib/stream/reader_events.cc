// SPDX-License-Identifier: Apache-2.0
// What a reader makes of the events themselves: matches, its place, gaps.
#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "json/writer.h"
#include "stream/reader.h"

namespace socbridge::stream {
namespace {

using opencti::EventName;

std::string member(std::string_view name, std::string_view value) {
  return json::quote(name) + ":" + json::quote(value);
}

std::string iso(std::uint64_t ms) { return format_utc(static_cast<UnixMillis>(ms)); }

}  // namespace

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
  backoff_.succeeded();
  if (!event.id) return;
  place_ms_ = std::max(place_ms_.load(), static_cast<UnixMillis>(event.id->ms));
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

// The platform sends each marking before the first thing that has it.
void StreamReader::take_marking(const opencti::StreamEvent& event) {
  constexpr std::size_t kMost = 10000;
  const json::Value data = event.data();
  if (data["type"].string().value_or("") != "marking-definition") return;
  const auto id = data["id"].string();
  const auto name = data["name"].string();
  if (!id || !name || (markings_.size() >= kMost && !markings_.contains(*id))) return;
  markings_[std::string(*id)] = *name;
}

// Once: that a feed writes with our own user, whose name then says nothing about who wrote it.
void StreamReader::report_shared() {
  if (counts_.by_our_user == 0 || shared_reported_) return;
  shared_reported_ = true;
  report_(
      "account_shared",
      member("reason",
             "a feed writes to OpenCTI with our own user: what it wrote is matched, and what we "
             "wrote is known by its author and reference alone; give the feed its own user"));
}

void StreamReader::take_change(const opencti::StreamEvent& event) {
  last_change_ms_ = steady_now_ms();
  take_marking(event);
  for (StreamMatch& match : match_event(event, set_, setup_.rules, wall_now_ms(), counts_)) {
    for (std::string& marking : match.markings) {
      if (const auto named = markings_.find(marking); named != markings_.end()) {
        marking = named->second;
      }
    }
    std::string line = match.json();
    report_("match", std::string_view(line).substr(1, line.size() - 2));
    if (journal_ != nullptr) lines_ += line + "\n";
  }
  report_shared();
  if (event.dependency || !event.id) return;  // its id is that of the event still to come
  place_ms_ = std::max(place_ms_.load(), static_cast<UnixMillis>(event.id->ms));
  beats_after_recovery_ = 0;
  if (!event.recovered) cursor_.recover_until.reset();
  cursor_.id = event.id;
  cursor_.heartbeat = false;
  backoff_.succeeded();
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

}  // namespace socbridge::stream
