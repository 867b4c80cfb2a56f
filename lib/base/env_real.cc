// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/env.h"
#include "base/folder_env.h"
#include "base/privileged_files.h"
#include "base/system_call.h"
#include "base/text.h"

namespace socbridge {
namespace {

using system_call::failed;
using system_call::retry;
using system_call::to_info;
using system_call::unlike;

// An F_OFD_SETLK of this type; the result of fcntl(2).
int set_lock(int fd, short type, std::uint64_t offset, std::uint64_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(offset);
  lock.l_len = static_cast<off_t>(length);
  return retry([&] { return ::fcntl(fd, F_OFD_SETLK, &lock); });
}

bool is_refused(const Status& status) { return status.sys_errno() == EACCES; }

// If the process dropped root's rights, the helper process that kept them opens the paths that the
// operator named.
Result<Fd> kept_or(const Status& refused, const std::string& path) {
  auto fd = open_kept(path);
  return fd.ok() || !is_refused(fd.status()) ? std::move(fd) : Result<Fd>(refused);
}

Result<FileInfo> info_of_kept(const Status& refused, const std::string& path) {
  const auto fd = kept_or(refused, path);
  struct stat s {};
  if (!fd.ok()) return fd.status();
  if (::fstat(fd->get(), &s) != 0) return refused;
  return to_info(s);
}

class RealEnv final : public Env {
 public:
  Result<Fd> open_read(const std::string& path) override {
    auto fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK, 0, "open");
    if (is_refused(fd.status())) fd = kept_or(fd.status(), path);
    return regular(std::move(fd), path);
  }
  Result<Fd> create_new(const std::string& path, mode_t mode) override {
    return open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode, "create");
  }
  Result<Fd> open_append(const std::string& path, mode_t mode) override {
    // O_NONBLOCK: wait neither for a FIFO's reader nor for space in it.
    constexpr int kFlags = O_CREAT | O_APPEND | O_WRONLY | O_NOCTTY | O_NONBLOCK;
    return named(open(path, kFlags, mode, "open for appending"), path);
  }
  Result<Fd> open_rw(const std::string& path, mode_t mode) override {
    constexpr int kFlags = O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    return regular(open(path, kFlags, mode, "open for writing"), path);
  }

  Status write_all(int fd, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
      if (n < 0) return failed("cannot write", errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  Status write_once(int fd, std::string_view bytes) override {
    const ssize_t n = retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (n < 0) return failed("cannot write", errno);
    if (static_cast<std::size_t>(n) != bytes.size()) return failed("cannot write", ENOSPC);
    return {};
  }
  Result<std::string> read_all(int fd, std::size_t max_bytes) override {
    struct stat s {};
    const bool known = ::fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size > 0;
    return system_call::read_rest(
        fd, max_bytes, known ? static_cast<std::size_t>(s.st_size) : 0,
        known ? system_call::ShortRead::last : system_call::ShortRead::go_on);
  }
  Status fsync(int fd) override {
    if (retry([&] { return ::fsync(fd); }) != 0) return failed("cannot sync", errno);
    return {};
  }
  Status fsync_dir(const std::string& dir) override {
    auto fd = open(dir, O_RDONLY | O_DIRECTORY, 0, "open folder");
    if (!fd.ok()) return fd.status();
    if (retry([&] { return ::fsync(fd->get()); }) != 0) return failed("sync folder", dir);
    return {};
  }
  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename a file to", to);
    return {};
  }
  Status unlink(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return failed("remove", path);
    return {};
  }
  Status mkdir(const std::string& path, mode_t mode) override {
    if (::mkdir(path.c_str(), mode) != 0) return failed("create folder", path);
    return {};
  }
  Result<FileInfo> stat(const std::string& path) override {
    struct stat s {};
    if (::stat(path.c_str(), &s) == 0) return to_info(s);
    const Status refused = failed("stat", path);
    return is_refused(refused) ? info_of_kept(refused, path) : refused;
  }
  Result<FileInfo> lstat(const std::string& path) override {
    struct stat s {};
    if (::lstat(path.c_str(), &s) == 0) return to_info(s);
    const Status refused = failed("stat", path);
    return is_refused(refused) ? info_of_kept(refused, path) : refused;
  }
  Result<FileInfo> fstat(int fd) override {
    struct stat s {};
    if (::fstat(fd, &s) != 0) return failed("cannot stat an open file", errno);
    return to_info(s);
  }
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override {
    constexpr std::int64_t kMillis = 1000;
    constexpr std::int64_t kNanosPerMilli = 1000000;
    std::array<timespec, 2> times{};
    times[0].tv_nsec = UTIME_OMIT;
    const std::int64_t rest = (unix_ms % kMillis + kMillis) % kMillis;
    times[1].tv_sec = (unix_ms - rest) / kMillis;
    times[1].tv_nsec = rest * kNanosPerMilli;
    if (::futimens(fd, times.data()) != 0) return failed("cannot set a file time", errno);
    return {};
  }
  Status set_mode(int fd, mode_t mode) override {
    if (::fchmod(fd, mode) != 0) return failed("cannot set the mode of a file", errno);
    return {};
  }
  Result<std::vector<std::string>> list_dir(const std::string& dir) override {
    std::vector<std::string> names;
    const Status listed = visit_dir(dir, [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    if (!listed.ok()) return listed;
    return names;
  }
  Status visit_dir(const std::string& dir,
                   const std::function<bool(std::string_view)>& visit) override {
    auto fd = open(dir, O_RDONLY | O_DIRECTORY | O_NONBLOCK, 0, "list");
    if (is_refused(fd.status())) fd = kept_or(fd.status(), dir);
    if (!fd.ok()) return fd.status();
    return system_call::visit(fd->release(), dir, visit);
  }
  Result<bool> try_lock(int fd) override {
    if (retry([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    return failed("cannot lock a file", errno);
  }
  Result<bool> try_lock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    if (set_lock(fd, F_WRLCK, offset, length) == 0) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    return failed("cannot lock a part of a file", errno);
  }
  Status unlock_range(int fd, std::uint64_t offset, std::uint64_t length) override {
    if (set_lock(fd, F_UNLCK, offset, length) == 0) return {};
    return failed("cannot unlock a part of a file", errno);
  }
  Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t size) override {
    std::string out(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const ssize_t n = retry([&] {
        return ::pread(fd, out.data() + got, size - got, static_cast<off_t>(offset + got));
      });
      if (n < 0) return failed("cannot read", errno);
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    out.resize(got);
    return out;
  }
  Status write_at(int fd, std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = retry(
          [&] { return ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (n < 0) return failed("cannot write", errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return {};
  }
  Result<std::uint64_t> free_bytes(const std::string& path) override {
    struct statvfs s {};
    if (::statvfs(path.c_str(), &s) != 0) return failed("get the free space of", path);
    return static_cast<std::uint64_t>(s.f_bavail) * s.f_frsize;
  }
  Result<std::uint64_t> total_bytes(const std::string& path) override {
    struct statvfs s {};
    if (::statvfs(path.c_str(), &s) != 0) return failed("get the size of", path);
    return static_cast<std::uint64_t>(s.f_blocks) * s.f_frsize;
  }

  Result<std::shared_ptr<Env>> within(const std::string& folder) override {
    return FolderEnv::open(*this, folder);
  }

 private:
  // open(2)'s error for a socket, or for a FIFO without a reader, does not name the cause.
  static Result<Fd> named(Result<Fd> fd, const std::string& path) {
    struct stat s {};
    if (fd.status().sys_errno() != ENXIO || ::stat(path.c_str(), &s) != 0) return fd;
    return unlike(path, to_info(s), "a file", ENXIO);
  }
  // Another user may have put a FIFO in place of the file; reading it would block for ever.
  static Result<Fd> regular(Result<Fd> opened, const std::string& path) {
    auto fd = named(std::move(opened), path);
    if (!fd.ok()) return fd;
    struct stat s {};
    if (::fstat(fd->get(), &s) != 0) return failed("stat", path);
    if (S_ISREG(s.st_mode)) return fd;
    return unlike(path, to_info(s), "a file", S_ISDIR(s.st_mode) ? EISDIR : ENXIO);
  }
  static Result<Fd> open(const std::string& path, int flags, mode_t mode, const char* what) {
    const int fd = retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
    if (fd < 0) return failed(what, path);
    return Fd(fd);
  }
};

}  // namespace

Env& Env::real() {
  static RealEnv env;
  return env;
}

}  // namespace socbridge
