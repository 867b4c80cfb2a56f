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

// Lines of a plain or gzipped file, with their offsets in the decompressed content, so that an
// offset stays valid after Wazuh has compressed the file. Memory use is bounded by the longest
// accepted line.
class LineReader {
 public:
  static Result<LineReader> open(Env& env, const std::string& path, std::size_t max_line);

  struct Line {
    std::string_view text;  // without the line break; valid until the next call
    std::uint64_t begin = 0, end = 0;
    bool whole = true;      // ends in a line break; only a file's last line may not
    bool too_long = false;  // over max_line: `text` is empty
  };
  // False at the end. An error (damaged gzip, read error) ends the file, after the lines before it.
  Result<bool> next(Line& line);

  // Reads ahead: the text from `line`, the last result of next(), to the end of the file or the
  // first error, which next() returns later. `line` must not be too long. Empty if there are more
  // than `most` bytes. Afterwards next() continues after `line`, whose text is updated. Valid until
  // the next call.
  std::optional<std::string_view> rest(Line& line, std::size_t most);
  void skip_rest();  // next() returns no further line

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
