// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace socbridge::opencti {

// One server-sent event. The views end with the call they are given to.
struct SseEvent {
  std::string_view name;  // `message` if the stream gives none
  std::string_view data;
  std::string_view id;    // as this event gives it; empty if it gives none
  bool has_id = false;    // it gives one itself, also an empty one
  bool oversize = false;  // `data` was over the limit and is thrown away
};

// Reads server-sent events out of a byte stream that may be cut anywhere, by the rules of the
// WHATWG's HTML standard (9.2.6): LF, CR and CRLF end lines, a byte-order mark at the start is
// skipped, an id with NUL is ignored, a block without a data line is no event. What a chunk holds
// whole is not copied. An event whose fields are longer than `max_event_bytes` is given without its
// data.
class SseParser {
 public:
  using Sink = std::function<bool(const SseEvent&)>;  // false: stop

  explicit SseParser(std::size_t max_event_bytes = std::size_t{64} << 20)
      : max_event_(max_event_bytes) {}

  // False if the sink wanted to stop; what follows in `bytes` is then lost.
  bool feed(std::string_view bytes, const Sink& sink);
  // A new connection: what is unfinished is thrown away.
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
  bool line_too_long_ = false;  // its end is being looked for
  bool after_cr_ = false;       // an LF that comes next belongs to a CR
  std::size_t bom_ = 0;         // bytes of a byte-order mark seen; 3: the start is over
  std::string name_, id_, data_;
  std::string_view data_view_;  // the one data line, if it lies whole in the current chunk
  bool has_data_ = false, has_id_ = false, oversize_ = false;
  std::int64_t retry_ms_ = -1;
};

}  // namespace socbridge::opencti
