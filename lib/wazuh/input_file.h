// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::wazuh {

// Whether a path has one of Wazuh's own names for alerts: such a file is empty when its day has
// just begun.
bool is_alerts_log(std::string_view path);

// Reads a file or standard input (`-`) in pieces, gunzipped if it begins as gzip does.
class InputFile {
 public:
  static Result<InputFile> open(Env& env, const std::string& path);
  InputFile(InputFile&&) noexcept;
  InputFile& operator=(InputFile&&) noexcept;
  ~InputFile();

  // Appends the next piece to `out`. False at the end.
  Result<bool> more(std::string& out);

  // Passes over so many bytes of the (unpacked) content. Beyond the end more() gives false.
  Status skip(std::uint64_t bytes);

  // Of the file that is really open, whatever its name means now.
  Result<FileInfo> info(Env& env) const;
  // How many bytes of the file on disk have been read, about.
  std::uint64_t raw_offset() const;

 private:
  struct Impl;
  explicit InputFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::wazuh
