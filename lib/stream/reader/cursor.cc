// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/cursor.h"

#include <cerrno>

#include "base/durable_file.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::stream {

std::optional<opencti::EventId> StreamCursor::start() const {
  constexpr std::uint64_t kBackMs = 60000;
  if (!id || !heartbeat || recover_until) return id;
  return id->earlier(kBackMs);
}

Result<StreamCursor> load_cursor(Env& env, const std::string& path) {
  constexpr std::size_t kMost = 65536;
  const auto text = env.read_file(path, kMost);
  if (!text.ok()) {
    if (text.status().sys_errno() == ENOENT) return StreamCursor{};
    return text.status();
  }
  const auto parsed = json::Document::parse(*text);
  const json::Value root = parsed.ok() ? parsed->root() : json::Value();
  StreamCursor out;
  out.stream = root["stream"].string_text();
  out.id = opencti::EventId::parse(root["id"].string_or_empty());
  out.heartbeat = root["heartbeat"].boolean().value_or(false);
  if (const auto until = root["recover_until"].integer()) out.recover_until = *until;
  if (out.stream.empty() || !out.id) {
    return Status::error(ExitCode::bad_input, path + " is not a stream cursor",
                         "delete it to start over with --from");
  }
  return out;
}

Status save_cursor(Env& env, const std::string& path, const StreamCursor& cursor) {
  json::Writer w;
  w.begin_object();
  w.member("stream", cursor.stream);
  w.member("id", cursor.id ? cursor.id->text() : std::string());
  w.member("heartbeat", cursor.heartbeat);
  if (cursor.recover_until) w.member("recover_until", *cursor.recover_until);
  w.member("saved", format_utc(wall_now_ms()));
  w.end_object();
  return replace_durably(env, path, w.text() + "\n");
}

}  // namespace socbridge::stream
