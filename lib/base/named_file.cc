// SPDX-License-Identifier: Apache-2.0
#include "base/named_file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "base/privileged_files.h"
#include "base/system_call.h"
#include "base/text.h"

namespace socbridge {
namespace {

constexpr int kSliceMs = 100;
std::atomic<bool (*)()> stop_waiting{nullptr};

bool is_stopped() {
  const auto stop = stop_waiting.load();
  return stop != nullptr && stop();
}

}  // namespace

void stop_waiting_when(bool (*stop)()) { stop_waiting.store(stop); }

std::string name_of_input(const std::string& path) {
  return path == "-" ? "standard input" : printable(path, 300);
}

Result<Fd> open_named(const std::string& path) {
  Fd fd(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                    : ::open(path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (fd.valid()) return fd;
  const Status why = system_call::failed("open", path == "-" ? "standard input" : path);
  if (why.sys_errno() != EACCES) return why;
  // Named paths are opened by the process that keeps root's rights, if there is one.
  auto kept = open_kept(path);
  return kept.ok() || kept.status().sys_errno() != EACCES ? std::move(kept) : Result<Fd>(why);
}

Result<std::size_t> read_named(int fd, char* into, std::size_t room) {
  while (true) {
    pollfd ready{fd, POLLIN, 0};
    const int found = ::poll(&ready, 1, kSliceMs);
    if (is_stopped()) return Status::error(ExitCode::interrupted, "interrupted");
    if (found == 0 || (found < 0 && errno == EINTR)) continue;
    const ssize_t n = ::read(fd, into, room);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR && errno != EAGAIN) return system_call::failed("cannot read", errno);
  }
}

Result<std::string> read_all_named(const std::string& path, std::size_t max_bytes) {
  constexpr std::size_t kPiece = 65536;
  const auto fd = open_named(path);
  if (!fd.ok()) return fd.status();
  const std::string name = name_of_input(path);
  std::string text;
  while (true) {
    const std::size_t had = text.size();
    text.resize(had + kPiece);
    const auto n = read_named(fd->get(), text.data() + had, kPiece);
    if (!n.ok() && n.status().code() == ExitCode::interrupted) return n.status();
    if (!n.ok()) return system_call::failed("cannot read " + name, n.status().sys_errno());
    text.resize(had + *n);
    if (text.size() > max_bytes) return system_call::failed("cannot read " + name, EFBIG);
    if (*n == 0) return text;
  }
}

}  // namespace socbridge
