// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/env.h"

namespace socbridge {

// An Env for one folder that another user may write to. Paths below it are reached from a
// descriptor of the folder, component by component with O_NOFOLLOW, so that a link anywhere below
// is an error that names the link, whatever its target. Opening never blocks (O_NONBLOCK); a FIFO,
// a device or a socket is an error that names the type. stat() does not follow links either; its
// data on the folder itself may be a second old. Paths elsewhere, and calls on descriptors, go to
// the Env that it was created from.
//
// If the process is root and the folder belongs to another user, files and folders created here are
// given to that user, so that they stay usable for that user.
//
// Descriptors of folders are cached for a second, then looked up again, so that a folder that was
// removed and created again is found. The folder itself may be reached through links, but must not
// be replaced by one of another user. Thread-safe.
class FolderEnv final : public Env {
 public:
  // Errors: ENOENT and others of open(2), ENOTDIR. `outside` must outlive it.
  static Result<std::shared_ptr<Env>> open(Env& outside, const std::string& path);

  Result<Fd> open_read(const std::string& path) override;
  Result<Fd> create_new(const std::string& path, mode_t mode) override;
  Result<Fd> open_append(const std::string& path, mode_t mode) override;
  Result<Fd> open_rw(const std::string& path, mode_t mode) override;
  Status write_all(int fd, std::string_view bytes) override {
    return outside_.write_all(fd, bytes);
  }
  Status write_once(int fd, std::string_view bytes) override {
    return outside_.write_once(fd, bytes);
  }
  Result<std::string> read_all(int fd, std::size_t max_bytes) override {
    return outside_.read_all(fd, max_bytes);
  }
  Status fsync(int fd) override { return outside_.fsync(fd); }
  Status fsync_dir(const std::string& dir) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status mkdir(const std::string& path, mode_t mode) override;
  Result<FileInfo> stat(const std::string& path) override;
  Result<FileInfo> lstat(const std::string& path) override;
  Result<FileInfo> fstat(int fd) override { return outside_.fstat(fd); }
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override {
    return outside_.set_mtime_ms(fd, unix_ms);
  }
  Status set_mode(int fd, mode_t mode) override { return outside_.set_mode(fd, mode); }
  Result<std::vector<std::string>> list_dir(const std::string& dir) override;
  Status visit_dir(const std::string& dir,
                   const std::function<bool(std::string_view)>& visit) override;
  Result<bool> try_lock(int fd) override { return outside_.try_lock(fd); }
  Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    return outside_.try_lock_range(fd, offset, length);
  }
  Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    return outside_.unlock_range(fd, offset, length);
  }
  Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) override {
    return outside_.read_at(fd, offset, size);
  }
  Status write_at(int fd, std::uint64_t offset, std::string_view bytes) override {
    return outside_.write_at(fd, offset, bytes);
  }
  Result<std::uint64_t> free_bytes(const std::string& path) override;
  Result<std::uint64_t> total_bytes(const std::string& path) override;
  Result<std::shared_ptr<Env>> within(const std::string& folder) override {
    return outside_.within(folder);
  }
  Result<std::string> read_file(const std::string& path, std::size_t max_bytes) override;

 private:
  using Folder = std::shared_ptr<const Fd>;
  struct Place {  // the folder and name of a lookup
    Folder folder;
    std::string name;
  };
  struct Kept {
    Folder folder;
    std::int64_t until_ms = 0;  // monotonic
  };
  struct Opened {
    Fd fd;
    FileInfo info;  // not for a new file
  };

  FolderEnv(Env& outside, std::string root);
  // The part of the path after the root; empty optional: the path lies elsewhere.
  std::optional<std::string_view> below(const std::string& path) const;
  Result<Folder> folder(std::string_view below);         // takes the lock
  Result<Folder> folder_locked(std::string_view below);  // the caller holds it
  Result<Folder> open_folder(std::string_view below);
  Result<Folder> open_root();
  Result<Place> place(std::string_view below);
  // Clears the cache if one of the cached folders was removed meanwhile.
  bool forget_removed();
  // Runs a kernel call on the place; retries once if the cached folder was removed.
  template <typename Call>
  Status run(std::string_view below, const char* what, Call call);
  Result<Opened> open_file(const std::string& path, std::string_view below, int flags, mode_t mode);
  Status name_what_is_there(const Place& place, const std::string& path, const Status& why) const;
  void give(int fd, const FileInfo* known) const;
  std::string full(std::string_view below) const;

  Env& outside_;
  std::string root_;
  bool gives_ = false;  // created files are given to the folder's owner
  FileInfo root_info_;  // of the time when the descriptor was opened
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;  // by path below the root; "" is the root
};

}  // namespace socbridge
