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
  Status status;                   // the error that ended it too early; else ok
  std::int64_t connected_ms = -1;  // until `connected` came; -1: never
  std::optional<EventId> last;     // the newest event the platform has; empty: none
  std::int64_t sign_ms = -1;       // until a heartbeat or an event came; -1: never
  std::int64_t waited_ms = 0;
};

struct StreamCheckLimits {
  std::int64_t at_most_ms = 10000;  // for the complete check
  std::int64_t fresh_ms = 3600000;  // a newest event younger than this is enough
  std::int64_t beat_ms = 7000;      // the platform sends a heartbeat every 5 s
};

// Opens the stream, receives `connected`, and also waits for a heartbeat unless the newest event is
// recent. It changes nothing on the platform and takes no event from other consumers.
StreamCheck check_stream(const http::ClientOptions& http, const Endpoint& endpoint,
                         std::string_view stream_id, const StreamCheckLimits& limits);

}  // namespace socbridge::opencti
