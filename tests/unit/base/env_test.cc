// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/log.h"
#include "base/secret.h"
#include "hash/digest.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

using namespace socbridge;

TEST_CASE("files are made once, written whole and read back") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string& dir = folder.path();
  {
    auto fd = env.create_new(dir + "/a", 0600);
    REQUIRE(fd.ok());
    CHECK(env.write_all(fd->get(), std::string(200000, 'x')).ok());
    CHECK(env.fsync(fd->get()).ok());
  }
  CHECK(env.create_new(dir + "/a", 0600).status().sys_errno() == EEXIST);
  CHECK(env.read_file(dir + "/a", 1 << 20)->size() == 200000);
  const auto large = env.read_file(dir + "/a", 199999);
  CHECK(large.status().sys_errno() == EFBIG);
  CHECK(env.rename(dir + "/a", dir + "/b").ok());
  CHECK(env.fsync_dir(dir).ok());
  CHECK(env.stat(dir + "/a").status().sys_errno() == ENOENT);
  CHECK(env.stat(dir + "/b")->size == 200000);
  CHECK((env.stat(dir + "/b")->mode & 07777) == 0600);
  CHECK(env.list_dir(dir).value() == std::vector<std::string>{"b"});
  CHECK(env.unlink(dir + "/b").ok());
}

TEST_CASE("errors name call, path and reason in one line") {
  const auto missing = Env::real().open_read("/no/such\nfile");
  CHECK(missing.status().message() == "cannot open /no/such\\nfile: No such file or directory");
  CHECK(missing.status().sys_errno() == ENOENT);
  CHECK(missing.status().code() == ExitCode::failure);
}

TEST_CASE("a lock is held by one open file at a time") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string path = folder / "lock";
  auto first = env.open_rw(path, 0600);
  auto second = env.open_rw(path, 0600);
  CHECK(env.try_lock(first->get()).value());
  CHECK_FALSE(env.try_lock(second->get()).value());
  *first = Fd();
  CHECK(env.try_lock(second->get()).value());
}

TEST_CASE("folders are created recursively, also if some exist") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string& dir = folder.path();
  CHECK(env.make_dirs(dir + "/a/b/c", 0700).ok());
  CHECK(env.make_dirs(dir + "/a/b/c", 0700).ok());
  CHECK(env.stat(dir + "/a/b/c")->is_dir());
  REQUIRE(env.create_new(dir + "/file", 0600).ok());
  CHECK_FALSE(env.make_dirs(dir + "/file/x", 0700).ok());
}

TEST_CASE("a file's time is set to the millisecond") {
  Env& env = Env::real();
  const test::TempDir folder;
  auto fd = env.create_new(folder / "t", 0600);
  CHECK(env.set_mtime_ms(fd->get(), 1741934401037).ok());
  CHECK(env.fstat(fd->get())->mtime_ms == 1741934401037);
}

TEST_CASE("env: log lines are complete and harmless") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string path = folder / "log";
  CHECK(append_log_line(env, path, "prog", "ERROR", "two\nlines \x1b[2J").ok());
  CHECK(append_log_line(env, path, "prog", "ERROR", "again").ok());
  const std::string text = env.read_file(path, 4096).value();
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find("prog ERROR: two\\nlines \\u{1b}[2J\n") != std::string::npos);
}

TEST_CASE("a secret is wiped from where it was moved") {
  Secret a(std::string("short"));
  const Secret b = std::move(a);
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(b.reveal() == "short");
  CHECK(redact("the key short-one is shortened", Secret("short")) ==
        "the key [redacted]-one is [redacted]ened");
  CHECK(redact("abc", Secret("abc")) == "abc");  // too short to be distinct from words
}

TEST_CASE("env: SHA-256 of known texts") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a lock is waited for until the deadline") {
  Env& env = Env::real();
  const test::TempDir folder;
  auto first = env.open_rw(folder.path() + "/x", 0600);
  auto second = env.open_rw(folder.path() + "/x", 0600);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  FakeClock clock;
  CHECK(*env.lock(first->get(), Deadline::after_ms(0)));
  CHECK_FALSE(*env.lock(second->get(), Deadline::after_ms(1000)));
  CHECK(clock.passed_ms() == 1000);
  CHECK(clock.sleeps() > 10);
  *first = Fd();
  CHECK(*env.lock(second->get(), Deadline::after_ms(1000)));
  CHECK(clock.passed_ms() == 1000);
}
