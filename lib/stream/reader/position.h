// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "opencti/stream/stream_event.h"
#include "stream/reader/cursor.h"

namespace socbridge::stream {

// Where the reader of a live stream is: its cursor, and the last event that there was when it
// connected. Not thread-safe.
class StreamPosition {
 public:
  // `url`: of the stream, without options.
  explicit StreamPosition(std::string url);

  // The cursor of the file (empty name: none), else what `from` says: `now`, `start`, an event id
  // or a time. Errors: a damaged file (bad_input), a `from` that means nothing (usage).
  Status load(Env& env, const std::string& file, const std::string& from);
  // Stores the cursor if it moved.
  Status save(Env& env, const std::string& file);
  // Only heartbeats moved it since it was stored.
  bool moved_by_heartbeats() const { return cursor_.heartbeat && saved_.heartbeat; }

  // The URL that goes on from here.
  std::string request_url() const;
  // Before each connection.
  void reconnecting();

  // What the platform no longer keeps, if the position is older: the position then is to be
  // recovered from its database by a new connection.
  struct Gap {
    UnixMillis from_ms = 0, until_ms = 0;
  };
  std::optional<Gap> connected(const opencti::Connected& connected);
  void heartbeat(const opencti::EventId& id);
  void changed(const opencti::EventId& id, bool recovered);

  // All that there was when it connected has been read.
  bool reached_last() const { return reached_last_; }
  std::string id_text() const { return cursor_.id ? cursor_.id->text() : ""; }

 private:
  StreamCursor cursor_, saved_;
  std::optional<opencti::EventId> last_;  // `connected` named it as the last one
  bool reached_last_ = false;
  int heartbeats_after_recovery_ = 0;
};

}  // namespace socbridge::stream
