// SPDX-License-Identifier: Apache-2.0
#include "intake/process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/secret.h"
#include "http/key_log.h"

namespace socbridge::intake {

void prepare_process() {
  // open(2) returns the lowest free descriptor, so this stops at the first one above 2.
  int fd = 0;
  do {
    fd = ::open("/dev/null", O_RDWR | O_NOCTTY);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) ::close(fd);
  std::signal(SIGPIPE, SIG_IGN);
  constexpr mode_t kPrivate = 077;
  ::umask(kPrivate);
  disable_core_dumps();
  http::forget_key_log();
}

OwnArguments::OwnArguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    copies_.emplace_back(argv[i]);
    // Any argument may be the key: a blank inside a value shifts the later ones.
    if (i >= 2) secure_wipe(argv[i], std::strlen(argv[i]));
  }
}

OwnArguments::~OwnArguments() {
  for (std::string& copy : copies_) secure_wipe(copy.data(), copy.size());
}

std::vector<std::string_view> OwnArguments::views() const {
  return {copies_.begin(), copies_.end()};
}

void print_line(int fd, std::string_view line) {
  std::string whole(line);
  whole += '\n';
  while (::write(fd, whole.data(), whole.size()) < 0 && errno == EINTR) {
  }
}

}  // namespace socbridge::intake
