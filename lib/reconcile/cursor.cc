// SPDX-License-Identifier: Apache-2.0
#include "reconcile/cursor.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/durable_file.h"
#include "base/text.h"
#include "json/writer.h"

namespace socbridge::reconcile {
namespace {

constexpr mode_t kMode = 0600;
constexpr std::size_t kMaxBytes = 65536;

}  // namespace

Result<Cursor> Cursor::open(Env& env, std::string path, const std::string& from) {
  auto lock = env.open_rw(path + ".lock", kMode);
  if (!lock.ok()) {
    return Status::error(ExitCode::failure, lock.status().message(),
                         "choose a cursor file in a folder that this user may write");
  }
  const auto mine = env.try_lock(lock->get());
  if (!mine.ok()) return mine.status();
  if (!*mine) {
    return Status::error(ExitCode::failure, "another run uses " + printable(path, 300),
                         "wait until it ends, or use another cursor file");
  }
  Cursor cursor(env, std::move(path), from, std::move(*lock));
  if (const Status read = cursor.read(); !read.ok()) return read;
  return cursor;
}

Status Cursor::read() {
  const auto text = env_->read_file(path_, kMaxBytes);
  if (!text.ok()) return text.status().sys_errno() == ENOENT ? Status() : text.status();
  auto document = json::Document::parse(*text);
  const std::string name = printable(path_, 300);
  if (!document.ok() || document->root()["socbridge_cursor"].integer() != 1 ||
      !document->root()["position"].is_object()) {
    return Status::error(ExitCode::usage, name + " is not a cursor file of this version",
                         "delete it to start over; alerts in TheHive are not sent twice");
  }
  const std::string was = document->root()["from"].text();
  if (was != from_) {
    return Status::error(
        ExitCode::usage,
        name + " belongs to " + printable(was, 200) + ", not to " + printable(from_, 200),
        "use one cursor file for each --from");
  }
  document_ = std::move(*document);
  position_ = document_.root()["position"];
  time_ms_ = parse_timestamp(document_.root()["time"].string_or_empty()).value_or(0);
  return {};
}

Status Cursor::save(const std::string& position_json, UnixMillis time_ms) {
  time_ms_ = std::max(time_ms_, time_ms);
  json::Writer w;
  w.begin_object();
  w.member("socbridge_cursor", 1);
  w.member("from", from_);
  w.key("position");
  w.raw(position_json);
  w.member("time", format_utc(time_ms_));
  w.member("written", format_utc(wall_now_ms()));
  w.end_object();
  return replace_durably(*env_, path_, std::move(w).take() + "\n");
}

}  // namespace socbridge::reconcile
