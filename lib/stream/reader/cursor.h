// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "opencti/stream/event_id.h"

namespace socbridge::stream {

// The position of a consumer in a live stream. Stored in the state folder (docs/opencti.md).
struct StreamCursor {
  std::string stream;  // URL: cursors of other streams are not used
  std::optional<opencti::EventId> id;
  bool heartbeat = false;  // `id` is that of a heartbeat: an earlier event may still come
  std::optional<UnixMillis> recover_until;  // the database is being read up to this time

  // Where to continue. Heartbeats use another clock than events, so some seconds are read again.
  std::optional<opencti::EventId> start() const;
  bool operator==(const StreamCursor&) const = default;
};

// Empty if there is none yet. Errors: bad_input if damaged, or not readable.
Result<StreamCursor> load_cursor(Env& env, const std::string& path);
Status save_cursor(Env& env, const std::string& path, const StreamCursor& cursor);

}  // namespace socbridge::stream
