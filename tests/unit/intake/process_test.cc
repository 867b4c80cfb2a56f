// SPDX-License-Identifier: Apache-2.0
#include "intake/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/env.h"
#include "support/temp_dir.h"

namespace socbridge::intake {
namespace {

// Number of the first of the conditions that does not hold, in a process of its own; 0: all hold.
template <typename Check>
int in_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) _exit(check());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

bool is_null_device(int fd) {
  struct stat open {
  }, null{};
  return ::fstat(fd, &open) == 0 && ::stat("/dev/null", &null) == 0 && S_ISCHR(open.st_mode) &&
         open.st_rdev == null.st_rdev;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

TEST_CASE("descriptors 0 to 2 that were closed are on /dev/null, so that no file lands there") {
  const test::TempDir home;
  const std::string path = home / "file";
  CHECK(in_child([&] {
          for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(fd);
          prepare_process();
          for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            if (!is_null_device(fd)) return 1;
          }
          const int file = ::open(path.c_str(), O_CREAT | O_WRONLY, 0666);
          if (file <= STDERR_FILENO) return 2;
          struct stat info {};
          return ::fstat(file, &info) == 0 && (info.st_mode & 0777) == 0600 ? 0 : 3;
        }) == 0);
}

TEST_CASE("descriptors that are open stay as they are") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  CHECK(in_child([&] {
          if (::dup2(ends[1], STDOUT_FILENO) < 0) return 1;
          prepare_process();
          if (::fcntl(ends[0], F_GETFD) < 0) return 2;
          return ::write(STDOUT_FILENO, "x", 1) == 1 ? 0 : 3;
        }) == 0);
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 1);
  CHECK(byte == 'x');
  for (const int fd : ends) ::close(fd);
}

TEST_CASE("a child of integratord ignores SIGPIPE alone, and leaves no core and no TLS keys") {
  CHECK(in_child([] {
          std::signal(SIGPIPE, SIG_DFL);
          std::signal(SIGHUP, SIG_DFL);
          ::setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
          prepare_process();
          if (!is_ignored(SIGPIPE)) return 1;
          if (is_ignored(SIGHUP)) return 2;
          if (::prctl(PR_GET_DUMPABLE) != 0) return 3;
          return std::getenv("SSLKEYLOGFILE") == nullptr ? 0 : 4;
        }) == 0);
}

TEST_CASE("the arguments are copied, and the originals that may hold the key are wiped") {
  std::array<std::string, 4> texts = {"custom-w2thive", "/tmp/a.alert", "s3cretkey", ""};
  std::array<char*, 4> argv{};
  for (std::size_t i = 0; i < texts.size(); ++i) argv[i] = texts[i].data();
  const OwnArguments arguments(4, argv.data());
  CHECK(arguments.views() == std::vector<std::string_view>{"/tmp/a.alert", "s3cretkey", ""});
  CHECK(texts[0] == "custom-w2thive");
  CHECK(texts[1] == "/tmp/a.alert");
  CHECK(texts[2] == std::string(9, '\0'));
}

TEST_CASE("a process without arguments has none") {
  std::string name = "custom-w2thive";
  std::array<char*, 2> argv = {name.data(), nullptr};
  CHECK(OwnArguments(1, argv.data()).views().empty());
  CHECK(OwnArguments(0, argv.data() + 1).views().empty());
}

TEST_CASE("a line goes to a descriptor whole; a reader that is gone is not an error") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  print_line(ends[1], "not delivered");
  std::array<char, 64> bytes{};
  const ssize_t got = ::read(ends[0], bytes.data(), bytes.size());
  REQUIRE(got > 0);
  CHECK(std::string(bytes.data(), static_cast<std::size_t>(got)) == "not delivered\n");
  ::close(ends[0]);
  CHECK(in_child([&] {
          std::signal(SIGPIPE, SIG_IGN);
          print_line(ends[1], "no reader is left");
          return 0;
        }) == 0);
  ::close(ends[1]);
  print_line(-1, "no descriptor");
}

}  // namespace socbridge::intake
