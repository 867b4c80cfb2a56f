// SPDX-License-Identifier: Apache-2.0
// How a reader handles events: matches, position, gaps.
#include "base/text.h"
#include "base/time.h"
#include "stream/reader/reader.h"

namespace socbridge::stream {

using opencti::EventName;

bool StreamReader::take_connected(const opencti::StreamEvent& from) {
  const opencti::Connected connected = opencti::read_connected(from);
  sink_(event::Connected{connected.first ? connected.first->text() : "",
                         connected.last ? connected.last->text() : "", connected.size});
  const auto gap = position_.connected(connected);
  if (!gap) return true;
  ++counts_.reading.gaps;
  sink_(event::Gap{gap->from_ms, gap->until_ms});
  state_.recover = true;
  return false;
}

void StreamReader::take_heartbeat(const opencti::StreamEvent& from) {
  ++counts_.reading.heartbeats;
  backoff_.succeeded();
  if (!from.id) return;
  counts_.shared.advance(static_cast<UnixMillis>(from.id->ms));
  position_.heartbeat(*from.id);
}

// Reports once that a feed uses our own user, so that the user does not identify our objects.
void StreamReader::report_account_shared() {
  if (counts_.matches.by_our_user == 0 || state_.account_reported) return;
  state_.account_reported = true;
  sink_(event::Warning{
      event::Warning::About::account_shared,
      "a feed writes to OpenCTI with our own user: its objects are matched, and ours are "
      "known by author and reference only; give the feed a user of its own"});
}

void StreamReader::take_change(const opencti::StreamEvent& from) {
  last_.change_ms = steady_now_ms();
  markings_.take(from);
  for (StreamMatch& match : match_event(from, set_, setup_.rules, wall_now_ms(), counts_.matches)) {
    markings_.name(match);
    if (journal_ != nullptr) lines_ += match.json() + "\n";
    sink_(event::Matched{std::move(match)});
  }
  report_account_shared();
  if (from.dependency || !from.id) return;  // it has the id of the event that follows
  counts_.shared.advance(static_cast<UnixMillis>(from.id->ms));
  position_.changed(*from.id, from.recovered);
  backoff_.succeeded();
}

bool StreamReader::take(const opencti::SseEvent& from) {
  opencti::StreamEvent read;
  if (const Status done = opencti::read_event(from, read); !done.ok()) {
    ++counts_.reading.malformed;
    sink_(event::Skipped{printable(from.id, 60), done.message()});
    return true;
  }
  switch (read.name) {
    case EventName::connected: return take_connected(read);
    case EventName::heartbeat: take_heartbeat(read); return true;
    case EventName::other: return true;
    default: break;
  }
  ++counts_.matches.events;
  take_change(read);
  return true;
}

}  // namespace socbridge::stream
