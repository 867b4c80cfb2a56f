// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "base/env.h"

namespace socbridge::health {

// Reads like the real Env and refuses to change anything (EROFS): given to probes, so that a check
// cannot change anything. Locks are refused too, since a claim would block other processes.
class ReadOnlyEnv final : public Env {
 public:
  explicit ReadOnlyEnv(Env& real) : real_(real) {}
  explicit ReadOnlyEnv(std::shared_ptr<Env> kept) : kept_(std::move(kept)), real_(*kept_) {}

  Result<Fd> open_read(const std::string& path) override { return real_.open_read(path); }
  Result<Fd> create_new(const std::string& path, mode_t mode) override;
  Result<Fd> open_append(const std::string& path, mode_t mode) override;
  Result<Fd> open_rw(const std::string& path, mode_t mode) override;
  Status write_all(int fd, std::string_view bytes) override;
  Status write_once(int fd, std::string_view bytes) override;
  Result<std::string> read_all(int fd, std::size_t max_bytes) override {
    return real_.read_all(fd, max_bytes);
  }
  Status fsync(int fd) override;
  Status fsync_dir(const std::string& dir) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status mkdir(const std::string& path, mode_t mode) override;
  Result<FileInfo> stat(const std::string& path) override { return real_.stat(path); }
  Result<FileInfo> lstat(const std::string& path) override { return real_.lstat(path); }
  Result<FileInfo> fstat(int fd) override { return real_.fstat(fd); }
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override;
  Status set_mode(int fd, mode_t mode) override;
  Result<std::vector<std::string>> list_dir(const std::string& dir) override {
    return real_.list_dir(dir);
  }
  Status visit_dir(const std::string& dir,
                   const std::function<bool(std::string_view)>& visit) override {
    return real_.visit_dir(dir, visit);
  }
  Result<bool> try_lock(int fd) override;
  Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) override;
  Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) override;
  Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) override {
    return real_.read_at(fd, offset, size);
  }
  Status write_at(int fd, std::uint64_t offset, std::string_view bytes) override;
  Result<std::uint64_t> free_bytes(const std::string& path) override {
    return real_.free_bytes(path);
  }
  Result<std::uint64_t> total_bytes(const std::string& path) override {
    return real_.total_bytes(path);
  }
  Result<std::shared_ptr<Env>> within(const std::string& folder) override;
  Result<std::string> read_file(const std::string& path, std::size_t max_bytes) override {
    return real_.read_file(path, max_bytes);
  }

 private:
  std::shared_ptr<Env> kept_;  // keeps real_ alive if it has no other owner
  Env& real_;
};

}  // namespace socbridge::health
