// SPDX-License-Identifier: Apache-2.0
#include "reconcile/line_reader.h"

#include <utility>

namespace socbridge::reconcile {

Result<LineReader> LineReader::open(Env& env, const std::string& path, std::size_t max_line) {
  auto source = wazuh::InputFile::open(env, path);
  if (!source.ok()) return source.status();
  return LineReader(std::move(*source), max_line);
}

Status LineReader::skip_to(std::uint64_t offset) {
  offset_ = offset;
  return source_.skip(offset);
}

std::optional<std::string_view> LineReader::rest(Line& line, std::size_t most) {
  const std::size_t begin = start_ - static_cast<std::size_t>(line.end - line.begin);
  const auto text = static_cast<std::size_t>(line.text.data() - buffer_.data());
  while (open_ && buffer_.size() - begin <= most) {
    const auto more = source_.more(buffer_);
    if (!more.ok()) error_ = more.status();
    open_ = more.ok() && *more;
  }
  line.text = std::string_view(buffer_).substr(text, line.text.size());
  if (open_) return {};
  return std::string_view(buffer_).substr(begin);
}

void LineReader::skip_rest() {
  offset_ += buffer_.size() - start_;
  start_ = searched_ = buffer_.size();
}

Result<bool> LineReader::next(Line& line) {
  line = {};
  line.begin = offset_;
  std::uint64_t dropped = 0;  // bytes of an overlong line that were removed from the buffer
  while (true) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      const std::size_t size = end - start_;
      line.end = offset_ + dropped + size + 1;
      line.too_long = dropped + size > max_line_;
      if (!line.too_long) line.text = std::string_view(buffer_).substr(start_, size);
      start_ = searched_ = end + 1;
      offset_ = line.end;
      return true;
    }
    if (!open_) {
      if (!error_.ok()) return std::exchange(error_, Status());
      const std::size_t size = buffer_.size() - start_;
      if (size + dropped == 0) return false;
      line.end = offset_ + dropped + size;
      line.whole = false;
      line.too_long = dropped + size > max_line_;
      if (!line.too_long) line.text = std::string_view(buffer_).substr(start_, size);
      start_ = searched_ = buffer_.size();
      offset_ = line.end;
      return true;
    }
    if (dropped > 0 || buffer_.size() - start_ > max_line_) {
      dropped += buffer_.size() - start_;
      buffer_.clear();
    } else {
      buffer_.erase(0, start_);
    }
    start_ = 0;
    searched_ = buffer_.size();
    const auto more = source_.more(buffer_);
    if (!more.ok()) return more.status();
    open_ = *more;
  }
}

}  // namespace socbridge::reconcile
