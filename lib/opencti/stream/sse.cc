// SPDX-License-Identifier: Apache-2.0
#include "opencti/stream/sse.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace socbridge::opencti {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kMostOfName = 256;  // of a field's name and colon, and of id and event
constexpr std::size_t kKeep = std::size_t{1} << 20;

// Position of the first CR or LF, or npos.
std::size_t line_end(std::string_view text) {
  const std::size_t lf = text.find('\n');
  const std::size_t cr = text.substr(0, lf).find('\r');
  return cr == std::string_view::npos ? lf : cr;
}

void release(std::string& text) {
  text.clear();
  if (text.capacity() > kKeep) text.shrink_to_fit();
}

}  // namespace

void SseParser::restart() {
  release(line_);
  release(data_);
  name_.clear();
  id_.clear();
  data_view_ = {};
  line_too_long_ = after_cr_ = has_data_ = has_id_ = oversize_ = false;
  bom_ = 0;
}

void SseParser::keep_data() {
  if (data_view_.data() == nullptr) return;
  data_ = data_view_;
  data_view_ = {};
}

void SseParser::add_data(std::string_view value) {
  const std::size_t size = data_.size() + data_view_.size();
  if (oversize_ || size + value.size() + 1 > max_event_) {
    oversize_ = true;
    release(data_);
    data_view_ = {};
  } else if (!has_data_) {
    data_view_ = value.data() == nullptr ? std::string_view("") : value;
  } else {
    keep_data();
    data_ += '\n';
    data_ += value;
  }
  has_data_ = true;
}

bool SseParser::dispatch(const Sink& sink) {
  bool go_on = true;
  if (has_data_) {
    SseEvent event;
    event.name = name_.empty() ? std::string_view("message") : std::string_view(name_);
    event.data = data_view_.data() != nullptr ? data_view_ : std::string_view(data_);
    event.id = id_;
    event.has_id = has_id_;
    event.oversize = oversize_;
    go_on = sink(event);
  }
  release(data_);
  data_view_ = {};
  name_.clear();
  id_.clear();
  has_data_ = has_id_ = oversize_ = false;
  return go_on;
}

bool SseParser::line(std::string_view text, const Sink& sink) {
  if (text.empty()) return dispatch(sink);
  const std::size_t colon = text.find(':');
  if (colon == 0) return true;  // a comment
  const std::string_view field = text.substr(0, colon);
  std::string_view value =
      colon == std::string_view::npos ? std::string_view("") : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    add_data(value);
  } else if (field == "event") {
    name_ = value.substr(0, kMostOfName);
  } else if (field == "id") {
    if (value.find('\0') == std::string_view::npos && value.size() <= kMostOfName) {
      id_ = value;
      has_id_ = true;
    }
  } else if (field == "retry") {
    const auto ms = parse_u64(value);
    constexpr std::uint64_t kDay = 86400000;
    if (ms) retry_ms_ = static_cast<std::int64_t>(std::min(*ms, kDay));
  }
  return true;
}

bool SseParser::feed(std::string_view bytes, const Sink& sink) {
  while (bom_ < kBom.size() && !bytes.empty()) {
    if (bytes.front() != kBom[bom_]) {
      line_ = kBom.substr(0, bom_);  // it was not a byte order mark
      bom_ = kBom.size();
      break;
    }
    bytes.remove_prefix(1);
    ++bom_;
  }
  bool go_on = true;
  while (go_on && !bytes.empty()) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    const std::size_t end = line_end(bytes);
    const std::string_view part = bytes.substr(0, end);
    const bool whole = end != std::string_view::npos;
    const bool fits = line_.size() + part.size() <= max_event_ + kMostOfName;
    if (line_too_long_ || !fits) {
      // Only data lines are long; other long lines can be dropped.
      const std::string head = line_.substr(0, 5) + std::string(part.substr(0, 5));
      if (!line_too_long_ && head.starts_with("data:")) {
        add_data(std::string_view());
        oversize_ = true;
        release(data_);
        data_view_ = {};
      }
      line_too_long_ = !whole;
      release(line_);
    } else if (!whole) {
      line_ += part;
    } else if (line_.empty()) {
      go_on = line(part, sink);
    } else {
      line_ += part;
      go_on = line(line_, sink);
      keep_data();  // it points into line_
      release(line_);
    }
    if (!whole) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
  }
  keep_data();
  return go_on;
}

}  // namespace socbridge::opencti
