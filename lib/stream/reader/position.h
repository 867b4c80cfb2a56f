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

// The position of the reader in a live stream: its cursor, and the newest event at the time of
// connection. Not thread-safe.
class StreamPosition {
 public:
  // `url`: of the stream, without query parameters.
  explicit StreamPosition(std::string url);

  // The cursor of the file (empty name: none), else the position of `from`: `now`, `start`, an
  // event id or a time. Errors: bad_input for a damaged file, usage for an invalid `from`.
  Status load(Env& env, const std::string& file, const std::string& from);
  // Stores the cursor if it changed.
  Status save(Env& env, const std::string& file);
  // Whether only heartbeats changed it since it was stored.
  bool moved_by_heartbeats() const { return cursor_.heartbeat && saved_.heartbeat; }

  // The URL for continuing from this position.
  std::string request_url() const;
  // Called before each connection.
  void reconnecting();

  // The range that the platform's stream no longer has, if the position is older. A new connection
  // then recovers it from the database.
  struct Gap {
    UnixMillis from_ms = 0, until_ms = 0;
  };
  std::optional<Gap> connected(const opencti::Connected& connected);
  void heartbeat(const opencti::EventId& id);
  void changed(const opencti::EventId& id, bool recovered);

  // All events that existed at the time of connection have been read.
  bool reached_last() const { return reached_last_; }
  std::string id_text() const { return cursor_.id ? cursor_.id->text() : ""; }

 private:
  StreamCursor cursor_, saved_;
  std::optional<opencti::EventId> last_;  // the last one by `connected`
  bool reached_last_ = false;
  int heartbeats_after_recovery_ = 0;
};

}  // namespace socbridge::stream
