// SPDX-License-Identifier: Apache-2.0
#include "base/system_call.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::system_call;

namespace {

// A pipe with these bytes and a closed write end.
Fd pipe_with(const std::string& bytes) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const Fd in(ends[1]);
  REQUIRE(::write(in.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return Fd(ends[0]);
}

}  // namespace

TEST_CASE("an error names what failed, where and why") {
  const Status named = failed("cannot jump", ENOSPC);
  CHECK(named.message() == "cannot jump: No space left on device");
  CHECK(named.sys_errno() == ENOSPC);
  CHECK(named.code() == ExitCode::failure);
  errno = EACCES;
  const Status here = failed("open", "/a\n\x1b/" + std::string(1000, 'x'));
  CHECK(here.sys_errno() == EACCES);
  CHECK_THAT(here.message(), Catch::StartsWith("cannot open /a\\n\\u{1b}/xxx") &&
                                 Catch::EndsWith("x…: Permission denied"));
  CHECK(here.message().size() < 400);
  CHECK_THAT(failed("x", 99999).message(), Catch::StartsWith("x: Unknown error"));
}

TEST_CASE("an error says what was found instead of the expected type") {
  FileInfo info;
  const std::vector<std::pair<mode_t, std::string>> kinds = {
      {S_IFREG, "a file"},    {S_IFDIR, "a folder"}, {S_IFLNK, "a link"},  {S_IFIFO, "a FIFO"},
      {S_IFSOCK, "a socket"}, {S_IFCHR, "a device"}, {S_IFBLK, "a device"}};
  for (const auto& [mode, kind] : kinds) {
    info.mode = mode | 0644U;
    const Status status = unlike("/p", info, "a thing", EISDIR);
    CHECK(status.message() == "cannot use /p: it is " + kind + ", not a thing");
    CHECK(status.sys_errno() == EISDIR);
  }
}

TEST_CASE("times of a file are milliseconds, rounded down") {
  struct stat s {};
  s.st_mtim = {5, 999999};
  s.st_ctim = {5, 1999999};
  s.st_size = 7;
  s.st_nlink = 2;
  FileInfo info = to_info(s);
  CHECK(info.mtime_ms == 5000);
  CHECK(info.ctime_ms == 5001);
  CHECK(info.size == 7);
  CHECK(info.links == 2);
  s.st_mtim = {-1, 999000000};  // a millisecond before 1970
  CHECK(to_info(s).mtime_ms == -1);
}

TEST_CASE("all that is left is read, whatever size was expected") {
  const std::string text(200000, 'x');
  for (const std::size_t expected :
       {std::size_t{0}, std::size_t{5}, text.size(), text.size() + 9}) {
    const test::TempDir dir;
    const Fd fd(::open(dir.write("f", text).c_str(), O_RDONLY | O_CLOEXEC));
    const auto all = read_rest(fd.get(), text.size() + 9, expected, ShortRead::go_on);
    CAPTURE(expected);
    REQUIRE(all.ok());
    CHECK(*all == text);
  }
}

TEST_CASE("a limit is exact to the byte, before and after reading") {
  for (const std::size_t most : {std::size_t{0}, std::size_t{4}}) {
    const Fd fd = pipe_with("12345");
    CHECK(read_rest(fd.get(), most, 0, ShortRead::go_on).status().sys_errno() == EFBIG);
  }
  const Fd exact = pipe_with("12345");
  CHECK(*read_rest(exact.get(), 5, 0, ShortRead::go_on) == "12345");
  const Fd expected = pipe_with("1");
  CHECK(read_rest(expected.get(), 5, 6, ShortRead::go_on).status().sys_errno() == EFBIG);
  const Fd none = pipe_with("");
  CHECK(read_rest(none.get(), 0, 0, ShortRead::go_on)->empty());
}

TEST_CASE("a short read means end of file only if the call reported it") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const Fd out(ends[0]);
  const Fd in(ends[1]);
  REQUIRE(::write(in.get(), "abc", 3) == 3);
  // The other end is open: a second read would wait for ever.
  CHECK(*read_rest(out.get(), 100, 0, ShortRead::last) == "abc");
}

TEST_CASE("reading an unreadable path is an error") {
  CHECK(read_rest(-1, 5, 0, ShortRead::go_on).status().sys_errno() == EBADF);
  const test::TempDir dir;
  const Fd folder(::open(dir.path().c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(read_rest(folder.get(), 5, 0, ShortRead::go_on).status().sys_errno() == EISDIR);
}

TEST_CASE("a call is repeated while signals interrupt it, and only then") {
  int calls = 0;
  CHECK(retry([&] {
          errno = EINTR;
          return ++calls < 4 ? -1 : 7;
        }) == 7);
  CHECK(calls == 4);
  calls = 0;
  CHECK(retry([&] {
          errno = EIO;
          ++calls;
          return -1;
        }) == -1);
  CHECK(calls == 1);
}

TEST_CASE("a path that is not a folder is not visited, and its descriptor is closed") {
  const test::TempDir dir;
  const int fd = ::open(dir.write("f", "x").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  const Status status = visit(fd, "/p\n", [](std::string_view) { return true; });
  CHECK(status.sys_errno() == ENOTDIR);
  CHECK(status.message() == "cannot list /p\\n: Not a directory");
  CHECK(::fcntl(fd, F_GETFD) == -1);
}
