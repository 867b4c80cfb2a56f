// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "opencti/stream/event_id.h"

namespace socbridge::stream {

// Where the consumer of a live stream is. Kept in a file of the state folder (docs/opencti.md).
struct StreamCursor {
  std::string stream;  // URL: a cursor of another stream says nothing
  std::optional<opencti::EventId> id;
  bool heartbeat = false;  // `id` is a heartbeat's: an event before it may not have come yet
  std::optional<UnixMillis> recover_until;  // until there the database is being read

  // Where to go on. A heartbeat's clock is not that of the events: some seconds are read again.
  std::optional<opencti::EventId> start() const;
  bool operator==(const StreamCursor&) const = default;
};

// Empty if there is none yet. Errors: damaged (bad_input), or not readable.
Result<StreamCursor> load_cursor(Env& env, const std::string& path);
Status save_cursor(Env& env, const std::string& path, const StreamCursor& cursor);

}  // namespace socbridge::stream
