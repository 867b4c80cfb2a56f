// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace socbridge::test {

// A folder below /tmp with mode 0700, deleted with its content when the object is destroyed. Names
// are relative to it. A failure ends the process.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Writes the file, creating its folders; returns its path.
  std::string write(std::string_view name, std::string_view bytes) const;
  // Empty if the file does not exist.
  std::string read(std::string_view name) const;
  // Creates a folder with this mode; returns its path.
  std::string folder(std::string_view name, mode_t mode = 0700) const;
  bool has(std::string_view name) const;
  // Number of entries in a state of the spool `queue/w2thive`; 0 without the folder.
  int entries(std::string_view state) const;

 private:
  std::string path_;
};

}  // namespace socbridge::test
