// SPDX-License-Identifier: Apache-2.0
// The calls that use the kernel, with its results for unusual files.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>

#include "base/env.h"
#include "support/temp_dir.h"

using namespace socbridge;

namespace {

struct Fixture : test::TempDir {
  Env& env = Env::real();
  std::string fifo() const {
    REQUIRE(::mkfifo((*this / "fifo").c_str(), 0600) == 0);
    return *this / "fifo";
  }
  std::string link_to(const std::string& target) const {
    REQUIRE(::symlink(target.c_str(), (*this / "link").c_str()) == 0);
    return *this / "link";
  }
  Fd open(const std::string& path) const {
    auto fd = env.open_rw(path, 0600);
    INFO(fd.status().line());
    REQUIRE(fd.ok());
    return std::move(*fd);
  }
};

bool closes_on_exec(int fd) { return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0; }

}  // namespace

TEST_CASE_METHOD(Fixture, "every descriptor closes on exec") {
  const std::string file = write("f", "x");
  for (const auto& fd : {env.open_read(file), env.open_rw(file, 0600), env.open_append(file, 0600),
                         env.create_new(*this / "new", 0600)}) {
    REQUIRE(fd.ok());
    CHECK(closes_on_exec(fd->get()));
  }
}

TEST_CASE_METHOD(
    Fixture, "what is not a regular file is not opened for reading or writing, nor waited for") {
  const std::string pipe = fifo();
  for (const std::string& path : {pipe, std::string("/dev/null")}) {
    CAPTURE(path);
    CHECK(env.open_read(path).status().sys_errno() == ENXIO);
    CHECK(env.open_rw(path, 0600).status().sys_errno() == ENXIO);
  }
  CHECK(env.open_read(path()).status().sys_errno() == EISDIR);
  CHECK(env.open_rw(path(), 0600).status().sys_errno() == EISDIR);
  CHECK_THAT(env.open_read(pipe).status().message(), Catch::EndsWith("it is a FIFO, not a file"));
  // Without a reader open(2) fails with an unhelpful error.
  CHECK_THAT(env.open_append(pipe, 0600).status().message(),
             Catch::EndsWith("it is a FIFO, not a file"));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string socket = *this / "s";
  REQUIRE(socket.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, socket.c_str(), socket.size() + 1);
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  CHECK_THAT(env.open_read(socket).status().message(),
             Catch::EndsWith("it is a socket, not a file"));
}

TEST_CASE_METHOD(Fixture, "links are followed to read, not to write or to make") {
  const std::string file = write("f", "x");
  const std::string link = link_to(file);
  CHECK(env.open_read(link).ok());
  CHECK(env.open_rw(link, 0600).status().sys_errno() == ELOOP);
  CHECK(env.create_new(link, 0600).status().sys_errno() == EEXIST);
  CHECK(env.stat(link)->is_file());
  CHECK(std::string(env.lstat(link)->kind()) == "a link");
}

TEST_CASE_METHOD(Fixture, "a new file has exactly its mode, and is made once") {
  const mode_t before = ::umask(0);
  for (const mode_t mode : {0400U, 0640U, 0666U}) {
    const std::string path = *this / std::to_string(mode);
    REQUIRE(env.create_new(path, mode).ok());
    CHECK((env.stat(path)->mode & 07777U) == mode);
    CHECK(env.create_new(path, mode).status().sys_errno() == EEXIST);
  }
  ::umask(before);
}

TEST_CASE_METHOD(Fixture,
                 "a file is read up to a limit, to the byte, and from its current position") {
  const std::string file = write("f", "12345");
  const Fd fd = open(file);
  CHECK(*env.read_all(fd.get(), 5) == "12345");
  CHECK(env.read_all(fd.get(), 5)->empty());
  CHECK(*env.read_file(file, 5) == "12345");
  CHECK(env.read_file(file, 4).status().sys_errno() == EFBIG);
  CHECK(env.read_file(file, 0).status().sys_errno() == EFBIG);
  CHECK(env.read_file(write("empty", ""), 0)->empty());
  // A file whose size the kernel does not report.
  CHECK(env.read_file("/proc/self/stat", 100000)->size() > 50);
  CHECK(env.read_file("/proc/self/stat", 10).status().sys_errno() == EFBIG);
}

TEST_CASE_METHOD(Fixture, "reading and writing at a place do not move the position") {
  const Fd fd = open(write("f", "0123456789"));
  CHECK(*env.read_at(fd.get(), 8, 5) == "89");
  CHECK(env.read_at(fd.get(), 10, 5)->empty());
  CHECK(env.read_at(fd.get(), 1000, 5)->empty());
  REQUIRE(env.write_at(fd.get(), 12, "ab").ok());
  CHECK(*env.read_all(fd.get(), 100) == std::string("0123456789\0\0ab", 14));
  CHECK_FALSE(env.read_at(fd.get(), UINT64_MAX, 1).ok());
  CHECK_FALSE(env.write_at(fd.get(), UINT64_MAX, "x").ok());
}

TEST_CASE_METHOD(Fixture, "appended lines of several descriptors stand one behind the other") {
  const std::string path = *this / "log";
  const auto one = env.open_append(path, 0600), two = env.open_append(path, 0600);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(env.write_once(one->get(), "a\n").ok());
    REQUIRE(env.write_once(two->get(), "b\n").ok());
  }
  CHECK(read("log") == "a\nb\na\nb\na\nb\n");
  REQUIRE(env.write_all(one->get(), "").ok());
  REQUIRE(env.write_once(one->get(), "").ok());
}

TEST_CASE("a full device is an error of every write") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full.valid());
  CHECK(Env::real().write_all(full.get(), "x").sys_errno() == ENOSPC);
  CHECK(Env::real().write_once(full.get(), "x").sys_errno() == ENOSPC);
  CHECK(Env::real().write_at(full.get(), 0, "x").sys_errno() == ENOSPC);
}

TEST_CASE("a descriptor that is none is an error of every call, with its name") {
  Env& env = Env::real();
  for (const Status& status :
       {env.write_all(-1, "x"), env.write_once(-1, "x"), env.read_all(-1, 5).status(),
        env.fsync(-1), env.fstat(-1).status(), env.set_mtime_ms(-1, 0), env.set_mode(-1, 0600),
        env.try_lock(-1).status(), env.try_lock_range(-1, 0, 1).status(),
        env.unlock_range(-1, 0, 1), env.read_at(-1, 0, 1).status(), env.write_at(-1, 0, "x")}) {
    CHECK(status.sys_errno() == EBADF);
    CHECK(status.code() == ExitCode::failure);
    CHECK_THAT(status.message(), Catch::StartsWith("cannot ") && Catch::Contains(": "));
  }
}

TEST_CASE_METHOD(Fixture, "a missing path is an error of every call, and printable") {
  const std::string none = *this / "no\n\x1b[2J/x";
  for (const Status& status :
       {env.open_read(none).status(), env.create_new(none, 0600).status(),
        env.open_append(none, 0600).status(), env.open_rw(none, 0600).status(), env.fsync_dir(none),
        env.rename(none, none), env.unlink(none), env.mkdir(none, 0700), env.stat(none).status(),
        env.lstat(none).status(), env.list_dir(none).status(), env.free_bytes(none).status(),
        env.total_bytes(none).status()}) {
    CHECK(status.sys_errno() == ENOENT);
    CAPTURE(status.message());
    CHECK(status.message().find_first_of("\n\x1b") == std::string::npos);
    CHECK_THAT(status.message(), Catch::EndsWith("No such file or directory"));
  }
}

TEST_CASE_METHOD(Fixture, "times are kept to the millisecond, also those before 1970") {
  const Fd fd = open(write("f", ""));
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1741934401037},
                                std::int64_t{-1}, std::int64_t{-1000}, std::int64_t{-1001}}) {
    CAPTURE(ms);
    REQUIRE(env.set_mtime_ms(fd.get(), ms).ok());
    CHECK(env.fstat(fd.get())->mtime_ms == ms);
  }
}

TEST_CASE_METHOD(Fixture, "locks of overlapping ranges exclude each other, others do not") {
  const std::string file = write("f", "");
  const Fd one = open(file), two = open(file);
  CHECK(*env.try_lock_range(one.get(), 0, 16));
  CHECK_FALSE(*env.try_lock_range(two.get(), 15, 1));
  CHECK(*env.try_lock_range(two.get(), 16, 16));
  CHECK(*env.try_lock_range(two.get(), std::uint64_t{1} << 40U, 1));
  CHECK(*env.try_lock_range(one.get(), 0, 16));
  REQUIRE(env.unlock_range(one.get(), 0, 16).ok());
  CHECK(*env.try_lock_range(two.get(), 0, 32));
  REQUIRE(env.unlock_range(one.get(), 0, 16).ok());  // nothing of the process itself
}

TEST_CASE_METHOD(Fixture, "names of a folder, all or until there are enough") {
  for (const char* name : {"a", "b", ".hidden", "x\ny"}) write(name, "");
  auto names = env.list_dir(path());
  REQUIRE(names.ok());
  std::sort(names->begin(), names->end());
  CHECK(*names == std::vector<std::string>{".hidden", "a", "b", "x\ny"});
  int seen = 0;
  REQUIRE(env.visit_dir(path(), [&](std::string_view) { return ++seen < 2; }).ok());
  CHECK(seen == 2);
  CHECK(env.list_dir(*this / "a").status().sys_errno() == ENOTDIR);
}
