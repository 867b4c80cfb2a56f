// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "base/time.h"
#include "stream/match.h"

namespace socbridge::stream {

// Events of a consumer, from OpenCTI's stream to TheHive. docs/opencti-stream.md lists the names
// and members in the output.
namespace event {

struct Connected {
  std::string first, last;  // the platform's oldest and newest event ids; empty: none
  std::uint64_t kept = 0;
};
// The cursor is older than the platform's oldest event: the events in between are read from its
// database.
struct Gap {
  UnixMillis from_ms = 0, until_ms = 0;
};
struct Disconnected {
  std::string reason;
  std::int64_t retry_ms = 0;
};
// Too many bytes wait for delivery.
struct Paused {
  std::uint64_t waiting_bytes = 0;
};
struct Progress {
  std::uint64_t events = 0, matches = 0, values = 0, waiting_bytes = 0;
  std::string event_id;
};
struct Matched {
  StreamMatch match;
  bool looked_up = false;  // found by a lookup, not an event of the stream
};
// An event that could not be parsed.
struct Skipped {
  std::string id, reason;
};
struct Notified {
  std::string result;  // added, changed, known, withheld, would add, would change
  std::string subject, observable, indicator, state, event_id;
};
struct TechniquesAdded {
  std::string subject, indicator;
  std::uint64_t added = 0, refused = 0;
};
// TheHive refuses this line of the journal permanently.
struct Refused {
  std::string reason, line;
};
// OpenCTI refuses the lookup permanently.
struct LookupFailed {
  std::string reason;
  std::uint64_t values = 0;
  std::string observable;  // if it is one
};
struct TechniquesFailed {
  std::string reason, task;
};
// A failure that is retried after a pause.
struct Outage {
  enum class Of { thehive, opencti, refresh };
  Of of = Of::thehive;
  std::string reason;
  std::int64_t retry_ms = 0;
};
struct Warning {
  enum class About { account_shared, right_missing, own_unknown };
  About about = About::account_shared;
  std::string reason;
};

}  // namespace event

using Event = std::variant<event::Connected, event::Gap, event::Disconnected, event::Paused,
                           event::Progress, event::Matched, event::Skipped, event::Notified,
                           event::TechniquesAdded, event::Refused, event::LookupFailed,
                           event::TechniquesFailed, event::Outage, event::Warning>;

// Called from any thread of a consumer, by one at a time.
using EventSink = std::function<void(const Event& event)>;

// One JSON object on one line, with `event` and its name first.
std::string event_json(const Event& event);
// "name: member value, member value", printable, without a line break.
std::string event_text(const Event& event);

}  // namespace socbridge::stream
