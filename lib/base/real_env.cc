#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/env.h"
#include "base/kept_files.h"
#include "base/text.h"

namespace socbridge {
namespace {

Status failed(const std::string& what, int error) {
  constexpr std::size_t kSize = 128;
  std::array<char, kSize> buffer{};
  Status status = Status::error(ExitCode::failure,
                                what + ": " + strerror_r(error, buffer.data(), buffer.size()));
  status.with_errno(error);
  return status;
}

Status failed(const char* what, const std::string& path) {
  const int error = errno;
  return failed(std::string("cannot ") + what + " " + printable(path, 300), error);
}

// Calls again as long as a signal interrupted it.
template <typename Call>
auto retry(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

// An F_OFD_SETLK of this type; the result of fcntl(2).
int set_lock(int fd, short type, std::uint64_t offset, std::uint64_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(offset);
  lock.l_len = static_cast<off_t>(length);
  return retry([&] { return ::fcntl(fd, F_OFD_SETLK, &lock); });
}

FileInfo to_info(const struct stat& s) {
  constexpr std::int64_t kMillis = 1000;
  constexpr std::int64_t kNanosPerMilli = 1000000;
  FileInfo info;
  info.size = static_cast<std::uint64_t>(s.st_size);
  info.inode = s.st_ino;
  info.device = s.st_dev;
  info.mtime_ms = s.st_mtim.tv_sec * kMillis + s.st_mtim.tv_nsec / kNanosPerMilli;
  info.mode = s.st_mode;
  info.uid = s.st_uid;
  info.gid = s.st_gid;
  return info;
}

bool is_refused(const Status& status) { return status.sys_errno() == EACCES; }

// What the operator named is opened by who keeps root's rights, if there is somebody.
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
    auto fd = open(path, O_RDONLY | O_NOCTTY, 0, "open");
    return is_refused(fd.status()) ? kept_or(fd.status(), path) : std::move(fd);
  }
  Result<Fd> create_new(const std::string& path, mode_t mode) override {
    return open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode, "create");
  }
  Result<Fd> open_append(const std::string& path, mode_t mode) override {
    return open(path, O_CREAT | O_APPEND | O_WRONLY | O_NOCTTY, mode, "open for appending");
  }
  Result<Fd> open_rw(const std::string& path, mode_t mode) override {
    return open(path, O_CREAT | O_RDWR | O_NOFOLLOW, mode, "open for writing");
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
    std::string out;
    struct stat s {};
    if (::fstat(fd, &s) == 0 && s.st_size > 0) {
      if (static_cast<std::uint64_t>(s.st_size) > max_bytes) return failed("too large", EFBIG);
      out.reserve(static_cast<std::size_t>(s.st_size) + 1);
    }
    constexpr std::size_t kChunk = 65536;
    while (true) {
      const std::size_t had = out.size();
      const std::size_t room = out.capacity() > had ? out.capacity() - had : kChunk;
      out.resize(had + room);
      const ssize_t n = retry([&] { return ::read(fd, out.data() + had, room); });
      if (n < 0) return failed("cannot read", errno);
      out.resize(had + static_cast<std::size_t>(n));
      if (out.size() > max_bytes) return failed("too large", EFBIG);
      if (n == 0) return out;
    }
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
    const Status refused = failed("look at", path);
    return is_refused(refused) ? info_of_kept(refused, path) : refused;
  }
  Result<FileInfo> lstat(const std::string& path) override {
    struct stat s {};
    if (::lstat(path.c_str(), &s) == 0) return to_info(s);
    const Status refused = failed("look at", path);
    return is_refused(refused) ? info_of_kept(refused, path) : refused;
  }
  Result<FileInfo> fstat(int fd) override {
    struct stat s {};
    if (::fstat(fd, &s) != 0) return failed("cannot look at an open file", errno);
    return to_info(s);
  }
  Status set_mtime_ms(int fd, std::int64_t unix_ms) override {
    constexpr std::int64_t kMillis = 1000;
    constexpr std::int64_t kNanosPerMilli = 1000000;
    std::array<timespec, 2> times{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = unix_ms / kMillis;
    times[1].tv_nsec = unix_ms % kMillis * kNanosPerMilli;
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
    DIR* stream = ::opendir(dir.c_str());
    if (stream == nullptr) {
      const Status refused = failed("list", dir);
      auto fd = is_refused(refused) ? kept_or(refused, dir) : Result<Fd>(refused);
      if (!fd.ok()) return fd.status();
      stream = ::fdopendir(fd->get());
      if (stream == nullptr) return refused;
      fd->release();
    }
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string_view name(entry->d_name);
      if (name != "." && name != ".." && !visit(name)) {
        ::closedir(stream);
        return {};
      }
      errno = 0;
    }
    const int error = errno;
    ::closedir(stream);
    if (error != 0) return failed("cannot list " + printable(dir, 300), error);
    return {};
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
    if (::statvfs(path.c_str(), &s) != 0) return failed("ask the free space of", path);
    return static_cast<std::uint64_t>(s.f_bavail) * s.f_frsize;
  }
  Result<std::uint64_t> total_bytes(const std::string& path) override {
    struct statvfs s {};
    if (::statvfs(path.c_str(), &s) != 0) return failed("ask the size of", path);
    return static_cast<std::uint64_t>(s.f_blocks) * s.f_frsize;
  }

 private:
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
