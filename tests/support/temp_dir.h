// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace socbridge::test {

// A folder below /tmp, of mode 0700, gone with all that is in it when the object ends. Names are
// relative to it. What cannot be done ends the process.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  // The file with these bytes, in folders that are made for it; gives its path.
  std::string write(std::string_view name, std::string_view bytes) const;
  // Empty if there is no such file.
  std::string read(std::string_view name) const;
  // A folder of this mode; gives its path.
  std::string folder(std::string_view name, mode_t mode = 0700) const;
  bool has(std::string_view name) const;
  // Number of entries in a state of the spool `queue/w2thive`; 0 if there is none.
  int entries(std::string_view state) const;

 private:
  std::string path_;
};

}  // namespace socbridge::test
