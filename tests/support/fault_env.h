// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/env.h"

// A file system in memory with failures on demand, which can lose unsynced data on demand. Content
// is durable after fsync of the file, a name after fsync of its folder.
class FaultEnv final : public socbridge::Env {
 public:
  using Status = socbridge::Status;
  template <typename T>
  using Result = socbridge::Result<T>;

  // The call with this number (from 1) fails with the errno; 0: none. Counting starts with reset().
  int fail_at = 0;
  int also_fail_at = 0;  // and this one
  int fail_errno = 28;   // ENOSPC
  int calls = 0;
  std::vector<std::string> trace;
  void reset() {
    calls = 0;
    trace.clear();
  }

  // Simulates a power failure. Everything that is not durable is lost: unsynced content is
  // truncated to nothing (or to garbage), and names changed since the folder's last sync are
  // restored, unless `names_survive`.
  void crash(bool names_survive, bool garbage);

  std::vector<std::string> names(const std::string& dir);
  std::string content(const std::string& path) { return files_.at(live_.at(path)).data; }

  Result<socbridge::Fd> open_read(const std::string& path) override;
  Result<socbridge::Fd> create_new(const std::string& path, mode_t mode) override;
  Result<socbridge::Fd> open_append(const std::string& path, mode_t mode) override;
  Result<socbridge::Fd> open_rw(const std::string& path, mode_t mode) override;
  Status write_all(int fd, std::string_view bytes) override;
  Status write_once(int fd, std::string_view bytes) override { return write_all(fd, bytes); }
  Result<std::string> read_all(int fd, std::size_t max_bytes) override;
  Status fsync(int fd) override;
  Status fsync_dir(const std::string& dir) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status mkdir(const std::string& path, mode_t mode) override;
  Result<socbridge::FileInfo> stat(const std::string& path) override;
  Result<socbridge::FileInfo> lstat(const std::string& path) override { return stat(path); }
  Result<socbridge::FileInfo> fstat(int fd) override;
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override;
  Status set_mode(int fd, mode_t mode) override;
  Result<std::vector<std::string>> list_dir(const std::string& dir) override;
  Status visit_dir(const std::string& dir,
                   const std::function<bool(std::string_view)>& visit) override;
  Result<bool> try_lock(int fd) override;
  Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) override;
  Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) override;
  Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) override;
  Status write_at(int fd, std::uint64_t offset, std::string_view bytes) override;
  Result<std::uint64_t> free_bytes(const std::string& path) override;
  Result<std::uint64_t> total_bytes(const std::string& path) override;
  std::uint64_t free = std::uint64_t{1} << 40;

 private:
  struct File {
    std::string data, durable;
    std::int64_t mtime = 0;
    mode_t mode = 0600, durable_mode = 0600;
    int locked_by = -1;
    std::map<std::uint64_t, int> ranges;  // offset -> descriptor that holds the lock
  };
  Status enter(const std::string& call);
  Result<socbridge::Fd> open_file(const std::string& call, const std::string& path, bool create,
                                  bool exclusive);

  std::vector<File> files_;                            // by inode
  std::map<std::string, std::size_t> live_, durable_;  // name -> inode
  std::set<std::string> dirs_ = {"/"};
  std::map<int, std::size_t> open_;  // descriptor -> inode
};
