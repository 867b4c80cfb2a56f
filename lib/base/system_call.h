// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>

#include "base/env.h"
#include "base/status.h"

// Shared by the implementations of Env (base/env.h). Not for other code.
namespace socbridge::system_call {

// "WHAT: the error's text", with ExitCode::failure and the errno.
Status failed(const std::string& what, int error);

// "cannot WHAT PATH: …" for the current errno.
Status failed(const char* what, const std::string& path);

// "cannot use PATH: it is a FIFO, not WANTED", with this errno.
Status unlike(const std::string& path, const FileInfo& info, const char* wanted, int error);

FileInfo to_info(const struct stat& s);

enum class ShortRead {
  last,   // a read that gives less than asked for is the last one, as with regular files
  go_on,  // only one that gives nothing is
};

// The rest of an open file. Errors: EFBIG beyond `max_bytes`, or those of read(2). `expected`: its
// size by fstat(2), 0 if unknown.
Result<std::string> read_rest(int fd, std::size_t max_bytes, std::size_t expected, ShortRead what);

// readdir(3) of an open folder without `.` and `..`. Takes ownership of the descriptor.
Status visit(int fd, const std::string& path,
             const std::function<bool(std::string_view)>& visit_name);

// Whether an open folder is empty. False also if it cannot be read.
bool is_empty_folder(int fd);

// Repeats the call while a signal interrupts it.
template <typename Call>
auto retry(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace socbridge::system_call
