// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "http/client.h"
#include "opencti/client.h"
#include "opencti/stream/event_id.h"

namespace socbridge::opencti {

// Result of a short check of a live stream.
struct StreamCheck {
  Status status;                   // why it ended before it showed enough; else ok
  std::int64_t connected_ms = -1;  // until `connected` came; -1: it did not
  std::optional<EventId> last;     // the newest event the platform keeps; none: it never had one
  std::int64_t sign_ms = -1;       // until a heartbeat or an event came; -1: none did
  std::int64_t waited_ms = 0;
};

struct StreamCheckLimits {
  std::int64_t at_most_ms = 10000;  // for all of it
  std::int64_t fresh_ms = 3600000;  // a newest event that is younger is sign enough
  std::int64_t beat_ms = 7000;      // the platform sends a heartbeat every 5 s
};

// Opens the stream with this id, receives `connected`, and unless the newest event is recent also
// waits for a heartbeat. Changes nothing on the platform and takes no event from other consumers.
StreamCheck check_stream(const http::ClientOptions& http, const Endpoint& endpoint,
                         std::string_view stream_id, const StreamCheckLimits& limits);

}  // namespace socbridge::opencti
