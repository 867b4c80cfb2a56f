// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "json/value.h"
#include "opencti/stream/event_id.h"
#include "opencti/stream/sse.h"

namespace socbridge::opencti {

// The first message of a connection, with the range of stored events (docs/protocols/opencti.md,
// "Stream frames").
struct Connected {
  std::optional<EventId> first, last;
  std::uint64_t size = 0;
  std::string connection_id;
};

enum class EventName { connected, heartbeat, create, update, remove, merge, other };

// One event of the live stream, with its document. The SSE name decides: the type in the JSON can
// differ (docs/protocols/opencti.md, "Stream events").
struct StreamEvent {
  EventName name = EventName::other;
  std::optional<EventId> id;  // none: `connected`, or an id of another form
  bool dependency = false;    // sent before a main event, with that event's id
  bool recovered = false;     // sent from the database because of `recover`
  json::Document document;    // root missing for heartbeats
  json::Value data() const { return document.root()["data"]; }
};

// Parses the JSON. Errors are bad_input; `out` still has the event's name and id.
Status read_event(const SseEvent& from, StreamEvent& out);
EventName event_name(std::string_view name);
Connected read_connected(const StreamEvent& event);

namespace extension {
inline constexpr std::string_view kOpencti =
    "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";
inline constexpr std::string_view kObservable =
    "extension-definition--f93e2c80-4231-4f9a-af8b-95c9bd566a82";
}  // namespace extension

// The members of a STIX object, wherever they are stored (docs/protocols/opencti.md, "Objects on
// the stream").
struct StixFields {
  std::string_view id, type, name, description, created_by;
  std::string_view opencti_id;        // the internal UUID
  std::optional<std::int64_t> score;  // 0 to 100
  bool revoked = false;
  std::optional<UnixMillis> valid_until, updated;
  std::vector<std::string_view> labels;
};
StixFields read_fields(json::Value data);

}  // namespace socbridge::opencti
