// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "base/env.h"
#include "spool/call_failures.h"

namespace socbridge::spool {

// Passes every call on and records failures in a spool, regardless of how the caller treats them.
// Expected failures (missing or existing files) and other paths are not recorded.
class ObservedEnv final : public Env {
 public:
  // `failures` must outlive it.
  ObservedEnv(std::shared_ptr<Env> inner, std::string dir, CallFailures& failures)
      : inner_(std::move(inner)), dir_(std::move(dir)), failures_(failures) {}

  Result<Fd> open_read(const std::string& path) override {
    return seen("open", path, inner_->open_read(path), ENOENT);
  }
  Result<Fd> create_new(const std::string& path, mode_t mode) override {
    return seen("create", path, inner_->create_new(path, mode), EEXIST);
  }
  Result<Fd> open_append(const std::string& path, mode_t mode) override {
    return seen("open", path, inner_->open_append(path, mode));
  }
  Result<Fd> open_rw(const std::string& path, mode_t mode) override {
    return seen("open", path, inner_->open_rw(path, mode), ENOENT);
  }
  Status write_all(int fd, std::string_view bytes) override {
    return seen("write", {}, inner_->write_all(fd, bytes));
  }
  Status write_once(int fd, std::string_view bytes) override {
    return seen("write", {}, inner_->write_once(fd, bytes));
  }
  Result<std::string> read_all(int fd, std::size_t max_bytes) override {
    return seen("read", {}, inner_->read_all(fd, max_bytes));
  }
  Status fsync(int fd) override { return seen("sync", {}, inner_->fsync(fd)); }
  Status fsync_dir(const std::string& dir) override {
    return seen("sync", dir, inner_->fsync_dir(dir));
  }
  Status rename(const std::string& from, const std::string& to) override {
    return seen("rename", to, inner_->rename(from, to));
  }
  Status unlink(const std::string& path) override {
    return seen("remove", path, inner_->unlink(path), ENOENT);
  }
  Status mkdir(const std::string& path, mode_t mode) override {
    return seen("create folder", path, inner_->mkdir(path, mode), EEXIST);
  }
  Result<FileInfo> stat(const std::string& path) override {
    return seen("look", path, inner_->stat(path), ENOENT);
  }
  Result<FileInfo> lstat(const std::string& path) override {
    return seen("look", path, inner_->lstat(path), ENOENT);
  }
  Result<FileInfo> fstat(int fd) override { return seen("look", {}, inner_->fstat(fd)); }
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override {
    return seen("set time", {}, inner_->set_mtime_ms(fd, unix_ms));
  }
  Status set_mode(int fd, mode_t mode) override {
    return seen("set mode", {}, inner_->set_mode(fd, mode));
  }
  Result<std::vector<std::string>> list_dir(const std::string& dir) override {
    return seen("list", dir, inner_->list_dir(dir));
  }
  Status visit_dir(const std::string& dir,
                   const std::function<bool(std::string_view)>& visit) override {
    return seen("list", dir, inner_->visit_dir(dir, visit));
  }
  Result<bool> try_lock(int fd) override { return seen("lock", {}, inner_->try_lock(fd)); }
  Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    return seen("lock", {}, inner_->try_lock_range(fd, offset, length));
  }
  Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    return seen("lock", {}, inner_->unlock_range(fd, offset, length));
  }
  Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) override {
    return seen("read", {}, inner_->read_at(fd, offset, size));
  }
  Status write_at(int fd, std::uint64_t offset, std::string_view bytes) override {
    return seen("write", {}, inner_->write_at(fd, offset, bytes));
  }
  Result<std::uint64_t> free_bytes(const std::string& path) override {
    return seen("look", path, inner_->free_bytes(path));
  }
  Result<std::uint64_t> total_bytes(const std::string& path) override {
    return seen("look", path, inner_->total_bytes(path));
  }
  Result<std::shared_ptr<Env>> within(const std::string& folder) override {
    return inner_->within(folder);
  }
  Result<std::string> read_file(const std::string& path, std::size_t max_bytes) override {
    return seen("open", path, inner_->read_file(path, max_bytes), ENOENT);
  }

 private:
  static const Status& status_of(const Status& status) { return status; }
  template <typename T>
  static const Status& status_of(const Result<T>& result) {
    return result.status();
  }
  template <typename R>
  R seen(std::string_view call, const std::string& path, R result, int no_failure = 0) {
    const bool elsewhere = !path.empty() && !path.starts_with(dir_);
    if (elsewhere) return result;
    if (result.ok() || (no_failure != 0 && status_of(result).sys_errno() == no_failure)) {
      failures_.worked(call, path);
    } else {
      failures_.failed(call, path, status_of(result));
    }
    return result;
  }

  std::shared_ptr<Env> inner_;
  std::string dir_;
  CallFailures& failures_;
};

}  // namespace socbridge::spool
