// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"
#include "wazuh/input_file.h"

namespace socbridge::reconcile {

// Lines of a file, plain or gzipped, with the offsets they stand at (in the unpacked content, so
// that an offset still holds after Wazuh has compressed the file). Memory is bounded by the longest
// line that is taken.
class LineReader {
 public:
  static Result<LineReader> open(Env& env, const std::string& path, std::size_t max_line);

  struct Line {
    std::string_view text;  // without the line break; valid until the next call
    std::uint64_t begin = 0, end = 0;
    bool whole = true;      // ends in a line break; only the last line of a file may not
    bool too_long = false;  // over max_line: `text` is empty
  };
  // False at the end. An error (damaged gzip, read error) ends the file; lines before it were
  // given.
  Result<bool> next(Line& line);

  // Reads ahead: everything from `line`, which next() gave last and was not too long, to the end of
  // the file, or to where it cannot be read further; next() says so after the lines before. Empty
  // if that is more than `most` bytes. next() goes on behind the line in any case, whose text is
  // brought up to date. Valid until the next call.
  std::optional<std::string_view> rest(Line& line, std::size_t most);
  void skip_rest();  // next() gives no further line

  Status skip_to(std::uint64_t offset);  // before the first next()
  Result<FileInfo> info(Env& env) const { return source_.info(env); }
  std::uint64_t raw_offset() const { return source_.raw_offset(); }

 private:
  LineReader(wazuh::InputFile source, std::size_t max_line)
      : source_(std::move(source)), max_line_(max_line) {}
  wazuh::InputFile source_;
  std::size_t max_line_;
  std::string buffer_;
  std::size_t start_ = 0;     // of the next line in the buffer
  std::size_t searched_ = 0;  // no line break before this
  std::uint64_t offset_ = 0;  // of buffer_[start_] in the file
  bool open_ = true;
  Status error_;  // of reading ahead, returned after the lines before it
};

}  // namespace socbridge::reconcile
