// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace socbridge {

struct FileInfo {
  std::uint64_t size = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint64_t links = 1;    // hard links
  std::int64_t mtime_ms = 0;  // Unix milliseconds
  std::int64_t ctime_ms = 0;  // last change of the file or its metadata; 0: unknown
  mode_t mode = 0;            // type and permission bits
  uid_t uid = 0;
  gid_t gid = 0;
  bool is_file() const;
  bool is_dir() const;
  // "a file", "a folder", "a link", "a FIFO", "a socket", "a device".
  const char* kind() const;
};

// Owns an open file descriptor; the destructor closes it. close() reports errors.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_ = -1;
};

// Every system call on files that can fail goes through here, so that tests can make it fail, count
// it, or drop what was not synced. Paths are absolute or relative to the working directory. All
// calls restart on EINTR, set close-on-exec, and return a Status with errno and a one-line message
// that names the call and the path. Statuses carry ExitCode::failure.
class Env {
 public:
  virtual ~Env() = default;

  // Calls the kernel. Never destroyed.
  static Env& real();

  // O_RDONLY|O_NOCTTY; never blocks. Regular files only: EISDIR for a folder, ENXIO for a FIFO, a
  // socket or a device. For paths that the operator named, which may be those, use open_named()
  // (base/named_file.h).
  virtual Result<Fd> open_read(const std::string& path) = 0;
  // O_CREAT|O_EXCL|O_WRONLY|O_NOFOLLOW with exactly `mode` bits less the umask.
  virtual Result<Fd> create_new(const std::string& path, mode_t mode) = 0;
  virtual Result<Fd> open_append(const std::string& path, mode_t mode) = 0;  // O_CREAT|O_APPEND
  // O_CREAT|O_RDWR|O_NOFOLLOW; regular files only, as open_read().
  virtual Result<Fd> open_rw(const std::string& path, mode_t mode) = 0;
  virtual Status write_all(int fd, std::string_view bytes) = 0;  // all or an error
  // One write(2) call; a short write is an error. For whole lines on O_APPEND files.
  virtual Status write_once(int fd, std::string_view bytes) = 0;
  virtual Result<std::string> read_all(int fd,
                                       std::size_t max_bytes) = 0;  // EFBIG beyond max_bytes
  virtual Status fsync(int fd) = 0;
  virtual Status fsync_dir(const std::string& dir) = 0;  // open, fsync, close
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status unlink(const std::string& path) = 0;
  virtual Status mkdir(const std::string& path, mode_t mode) = 0;
  virtual Result<FileInfo> stat(const std::string& path) = 0;   // follows links
  virtual Result<FileInfo> lstat(const std::string& path) = 0;  // does not
  virtual Result<FileInfo> fstat(int fd) = 0;
  virtual Status set_mtime_ms(int fd, std::int64_t unix_ms) = 0;
  virtual Status set_mode(int fd, mode_t mode) = 0;  // permission bits
  // Names in the folder without `.` and `..`, in no order.
  virtual Result<std::vector<std::string>> list_dir(const std::string& dir) = 0;
  // The same, one name at a time in the file system's order, without holding the whole list.
  // `visit` returns false to stop. Names created or removed meanwhile may be missed.
  virtual Status visit_dir(const std::string& dir,
                           const std::function<bool(std::string_view)>& visit) = 0;
  // flock(LOCK_EX|LOCK_NB). False if another process holds it.
  virtual Result<bool> try_lock(int fd) = 0;
  // Exclusive lock of `length` bytes from `offset`, which may lie beyond the end of the file. The
  // lock belongs to the open file description: it ends with the descriptor or the process, and two
  // descriptors of one process exclude each other. Does not wait: false if it is held elsewhere.
  virtual Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) = 0;
  // Releases what try_lock_range() locked through this descriptor.
  virtual Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) = 0;
  // Up to `size` bytes at `offset`; fewer at the end of the file. The position is not moved.
  virtual Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) = 0;
  virtual Status write_at(int fd, std::uint64_t offset,
                          std::string_view bytes) = 0;                     // all or error
  virtual Result<std::uint64_t> free_bytes(const std::string& path) = 0;   // for unprivileged users
  virtual Result<std::uint64_t> total_bytes(const std::string& path) = 0;  // of its file system

  // For work inside one folder that another user may have prepared: an Env that reaches paths below
  // `folder` by descriptors only, follows no link there and never waits for a FIFO
  // (base/folder_env.h). Other paths work as here. Returns this Env if it has no such variant.
  // Error: the folder cannot be opened (ENOENT, ENOTDIR, EACCES, …).
  virtual Result<std::shared_ptr<Env>> within(const std::string& folder);

  // The complete file; EFBIG beyond max_bytes.
  virtual Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

  // Composed of the calls above.
  // Retries try_lock() until the holder releases the lock. False: the deadline passed or `stop`
  // said so.
  Result<bool> lock(int fd, const Deadline& deadline, const std::function<bool()>& stop = {});
  // Creates missing folders of the path with `mode`, durably; an existing folder is success.
  Status make_dirs(const std::string& path, mode_t mode);
};

}  // namespace socbridge
