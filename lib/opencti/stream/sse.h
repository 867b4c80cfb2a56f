// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace socbridge::opencti {

// One server-sent event. The views are valid during the call only.
struct SseEvent {
  std::string_view name;  // `message` if the stream has none
  std::string_view data;
  std::string_view id;    // of this event; empty if it has none
  bool has_id = false;    // the event has an id, which may be empty
  bool oversize = false;  // `data` was over the limit and is dropped
};

// Parses server-sent events from a byte stream in arbitrary chunks, by the WHATWG HTML standard
// (9.2.6): LF, CR and CRLF end lines, a byte order mark at the start is skipped, an id with NUL is
// ignored, a block without a data line is not an event. Data that lies within one chunk is not
// copied. An event whose fields are longer than `max_event_bytes` is passed without its data.
class SseParser {
 public:
  using Sink = std::function<bool(const SseEvent&)>;  // false: stop

  explicit SseParser(std::size_t max_event_bytes = std::size_t{64} << 20)
      : max_event_(max_event_bytes) {}

  // False if the sink returned false; the rest of `bytes` is then lost.
  bool feed(std::string_view bytes, const Sink& sink);
  // For a new connection: drops unfinished input.
  void restart();

  std::int64_t retry_ms() const { return retry_ms_; }  // the last `retry:` field; -1: none
  std::size_t held_bytes() const { return line_.size() + data_.size(); }

 private:
  bool line(std::string_view text, const Sink& sink);
  bool dispatch(const Sink& sink);
  void add_data(std::string_view value);
  void keep_data();

  std::size_t max_event_;
  std::string line_;            // an unfinished line
  bool line_too_long_ = false;  // its end is not yet read
  bool after_cr_ = false;       // an LF directly after it is skipped
  std::size_t bom_ = 0;         // bytes of the byte order mark read so far; 3: done
  std::string name_, id_, data_;
  std::string_view data_view_;  // the one data line, if it is complete in the current chunk
  bool has_data_ = false, has_id_ = false, oversize_ = false;
  std::int64_t retry_ms_ = -1;
};

}  // namespace socbridge::opencti
