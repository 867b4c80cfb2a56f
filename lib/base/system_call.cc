// SPDX-License-Identifier: Apache-2.0
#include "base/system_call.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/text.h"

namespace socbridge::system_call {

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

FileInfo to_info(const struct stat& s) {
  constexpr std::int64_t kMillis = 1000;
  constexpr std::int64_t kNanosPerMilli = 1000000;
  FileInfo info;
  info.size = static_cast<std::uint64_t>(s.st_size);
  info.inode = s.st_ino;
  info.device = s.st_dev;
  info.links = s.st_nlink;
  info.mtime_ms = s.st_mtim.tv_sec * kMillis + s.st_mtim.tv_nsec / kNanosPerMilli;
  info.ctime_ms = s.st_ctim.tv_sec * kMillis + s.st_ctim.tv_nsec / kNanosPerMilli;
  info.mode = s.st_mode;
  info.uid = s.st_uid;
  info.gid = s.st_gid;
  return info;
}

Status unlike(const std::string& path, const FileInfo& info, const char* wanted, int error) {
  Status status =
      Status::error(ExitCode::failure, "cannot use " + printable(path, 300) + ": it is " +
                                           info.kind() + ", not " + wanted);
  return status.with_errno(error);
}

Result<std::string> read_rest(int fd, std::size_t max_bytes, std::size_t expected, ShortRead what) {
  std::string out;
  if (expected > max_bytes) return failed("too large", EFBIG);
  if (expected > 0) out.reserve(expected + 1);
  constexpr std::size_t kChunk = 65536;
  while (true) {
    const std::size_t had = out.size();
    const std::size_t room = out.capacity() > had ? out.capacity() - had : kChunk;
    out.resize(had + room);
    const ssize_t n = retry([&] { return ::read(fd, out.data() + had, room); });
    if (n < 0) return failed("cannot read", errno);
    out.resize(had + static_cast<std::size_t>(n));
    if (out.size() > max_bytes) return failed("too large", EFBIG);
    if (n == 0 || (what == ShortRead::last && static_cast<std::size_t>(n) < room)) return out;
  }
}

Status visit(int fd, const std::string& path,
             const std::function<bool(std::string_view)>& visit_name) {
  DIR* stream = ::fdopendir(fd);
  if (stream == nullptr) {
    Status status = failed("list", path);
    ::close(fd);
    return status;
  }
  errno = 0;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name(entry->d_name);
    if (name != "." && name != ".." && !visit_name(name)) {
      ::closedir(stream);
      return {};
    }
    errno = 0;
  }
  const int error = errno;
  ::closedir(stream);
  if (error != 0) return failed("cannot list " + printable(path, 300), error);
  return {};
}

bool is_empty_folder(int fd) {
  bool is_empty = true;
  const int copy = ::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const Status read = visit(copy, "", [&](std::string_view) {
    is_empty = false;
    return false;
  });
  return read.ok() && is_empty;
}

}  // namespace socbridge::system_call
