// SPDX-License-Identifier: Apache-2.0
// Where a reader begins, and how it asks for that.
#include "base/text.h"
#include "base/time.h"
#include "http/client.h"
#include "stream/reader.h"

namespace socbridge::stream {

using opencti::EventId;

// The cursor of the file, or what `from` says.
Status StreamReader::prepare() {
  if (!setup_.cursor_file.empty()) {
    auto loaded = load_cursor(env_, setup_.cursor_file);
    if (!loaded.ok()) return loaded.status();
    if (loaded->stream == setup_.url) cursor_ = saved_ = *loaded;
  }
  cursor_.stream = setup_.url;
  if (cursor_.id || setup_.from == "now") return {};
  const std::string& from = setup_.from;
  if (from == "start" || from == "0" || from == "0-0") {
    cursor_.id = EventId{};
    cursor_.recover_until = wall_now_ms();
  } else if (const auto id = EventId::parse(from)) {
    cursor_.id = *id;
  } else if (const auto ms = parse_u64(from)) {
    cursor_.id = EventId{*ms, 0};  // the server would take the bare number for "now"
  } else if (const auto time = parse_timestamp(from)) {
    cursor_.id = EventId{static_cast<std::uint64_t>(*time), 0};
  } else {
    return Status::error(ExitCode::usage,
                         "--from does not understand \"" + printable(from, 60) + "\"",
                         "it wants now, start, an event id such as 1763975702513-0, or a time such "
                         "as 2026-01-31T12:00:00Z");
  }
  return {};
}

std::string StreamReader::request_url() const {
  std::string url = setup_.url + "?no-dependencies=true&listen-delete=true";
  const auto start = cursor_.start();
  if (start) url += "&from=" + start->text();
  if (start && cursor_.recover_until) {
    url += "&recover=" + http::url_encode(format_utc(*cursor_.recover_until));
  }
  return url;
}

}  // namespace socbridge::stream
