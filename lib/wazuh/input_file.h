// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::wazuh {

// Whether a path has one of Wazuh's names for alert logs: such a file is empty at the start of its
// day.
bool is_alerts_log(std::string_view path);

// Reads a file or standard input (`-`) in pieces, and decompresses gzip.
class InputFile {
 public:
  static Result<InputFile> open(Env& env, const std::string& path);
  InputFile(InputFile&&) noexcept;
  InputFile& operator=(InputFile&&) noexcept;
  ~InputFile();

  // Appends the next piece to `out`. False at the end.
  Result<bool> more(std::string& out);

  // Skips `bytes` of the (decompressed) content. After the end more() returns false.
  Status skip(std::uint64_t bytes);

  // Data of the open file, even if its path now names another.
  Result<FileInfo> info(Env& env) const;
  // Approximate number of bytes of the file on disk that were read.
  std::uint64_t raw_offset() const;

 private:
  struct Impl;
  explicit InputFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::wazuh
