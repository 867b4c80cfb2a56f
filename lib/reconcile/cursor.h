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

// A file with the position of a reconciliation, from which the next run continues. One JSON object
// with `socbridge_cursor` (1), `from`, `position` (of the source), `time` and `written`. It is
// replaced by rename, with file and folder synced; a crash leaves the old or the new one. FILE.lock
// excludes a second run; the lock ends with the process.
class Cursor {
 public:
  // Errors: failure if another run uses it; usage if damaged or made for another `from`. A missing
  // file is an empty cursor.
  static Result<Cursor> open(Env& env, std::string path, const std::string& from);

  // The resume point; missing if empty. Valid as long as this object.
  json::Value position() const { return position_; }
  UnixMillis time_ms() const { return time_ms_; }

  // Records that everything up to `position_json` is done. `time_ms`: latest time of an alert up to
  // there; never goes back.
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
