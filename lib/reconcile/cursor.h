// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/env.h"
#include "base/status.h"
#include "base/time.h"
#include "json/value.h"

namespace socbridge::reconcile {

// A file that stores how far a reconciliation has come, so that the next one goes on there. One
// JSON object with `socbridge_cursor` (1), `from`, `position` (the source's own), `time` and
// `written`. Replaced as a whole: written beside, synced, renamed, folder synced; a crash leaves
// the old or the new one. FILE.lock keeps a second run away from it; the lock ends with the
// process.
class Cursor {
 public:
  // Errors: another run holds it (failure); damaged, or made for another `from` (usage). A missing
  // file is a beginning.
  static Result<Cursor> open(Env& env, std::string path, const std::string& from);

  // Where to go on; missing at the beginning. Valid as long as this lives.
  json::Value position() const { return position_; }
  UnixMillis time_ms() const { return time_ms_; }

  // Everything up to `position_json` is settled. `time_ms`: latest time of an alert there; never
  // goes back.
  Status save(const std::string& position_json, UnixMillis time_ms);

 private:
  Cursor(Env& env, std::string path, std::string from, Fd lock)
      : env_(&env), path_(std::move(path)), from_(std::move(from)), lock_(std::move(lock)) {}
  Status read();

  Env* env_;
  std::string path_, from_;
  Fd lock_;
  json::Document document_;
  json::Value position_;
  UnixMillis time_ms_ = 0;
};

}  // namespace socbridge::reconcile
