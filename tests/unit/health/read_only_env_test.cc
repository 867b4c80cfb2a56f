// SPDX-License-Identifier: Apache-2.0
#include "health/read_only_env.h"

#include <catch2/catch.hpp>

#include <cerrno>

#include "support/temp_dir.h"

namespace socbridge::health {
namespace {

struct Fixture : socbridge::test::TempDir {
  Fixture() { write("sub/file", "content"); }
  std::string file() const { return *this / "sub/file"; }
};

void check_refused(const Status& status) {
  CHECK(status.code() == ExitCode::failure);
  CHECK(status.sys_errno() == EROFS);
  CHECK(status.message().starts_with("a check may not "));
}

// Everything that changes files, with a descriptor that the real file system would let it change.
void try_all(Env& env, const std::string& folder, int fd) {
  const std::string path = folder + "/new";
  check_refused(env.create_new(path, 0600).status());
  check_refused(env.open_append(folder + "/file", 0600).status());
  check_refused(env.open_rw(folder + "/file", 0600).status());
  check_refused(env.write_all(fd, "x"));
  check_refused(env.write_once(fd, "x"));
  check_refused(env.write_at(fd, 0, "x"));
  check_refused(env.fsync(fd));
  check_refused(env.fsync_dir(folder));
  check_refused(env.rename(folder + "/file", path));
  check_refused(env.unlink(folder + "/file"));
  check_refused(env.mkdir(path, 0700));
  check_refused(env.make_dirs(path, 0700));
  check_refused(env.set_mtime_ms(fd, 5));
  check_refused(env.set_mode(fd, 0777));
  check_refused(env.try_lock(fd).status());
  check_refused(env.try_lock_range(fd, 0, 1).status());
  check_refused(env.unlock_range(fd, 0, 1));
}

}  // namespace

TEST_CASE("read-only files: nothing can be changed, locked or synced") {
  const Fixture folder;
  const Fd fd = std::move(Env::real().open_rw(folder.file(), 0600).value());
  const FileInfo before = Env::real().fstat(fd.get()).value();
  ReadOnlyEnv env(Env::real());
  try_all(env, folder / "sub", fd.get());
  CHECK(folder.read("sub/file") == "content");
  CHECK(Env::real().list_dir(folder / "sub")->size() == 1);
  const FileInfo after = Env::real().fstat(fd.get()).value();
  CHECK(after.mode == before.mode);
  CHECK(after.mtime_ms == before.mtime_ms);
  // It is not locked.
  const Fd other = std::move(Env::real().open_rw(folder.file(), 0600).value());
  CHECK(Env::real().try_lock(other.get()).value());
  CHECK(Env::real().try_lock_range(other.get(), 0, 1).value());
}

TEST_CASE("read-only files: all that looks is passed on") {
  const Fixture folder;
  ReadOnlyEnv env(Env::real());
  const auto fd = env.open_read(folder.file());
  REQUIRE(fd.ok());
  CHECK(env.read_all(fd->get(), 100).value() == "content");
  CHECK(env.read_at(fd->get(), 3, 2).value() == "te");
  CHECK(env.fstat(fd->get())->size == 7);
  CHECK(env.stat(folder.file())->is_file());
  CHECK(env.lstat(folder / "sub")->is_dir());
  CHECK(env.read_file(folder.file(), 100).value() == "content");
  CHECK(env.list_dir(folder / "sub").value() == std::vector<std::string>{"file"});
  int seen = 0;
  CHECK(env.visit_dir(folder / "sub", [&](std::string_view) { return ++seen > 0; }).ok());
  CHECK(seen == 1);
  CHECK(env.total_bytes(folder.path()).value() > 0);
  CHECK(env.free_bytes(folder.path()).ok());
  CHECK(env.open_read(folder / "none").status().sys_errno() == ENOENT);
  CHECK(env.read_file(folder.file(), 3).status().sys_errno() == EFBIG);
}

TEST_CASE("read-only files: work inside a folder is read-only too") {
  const Fixture folder;
  const Fd fd = std::move(Env::real().open_rw(folder.file(), 0600).value());
  ReadOnlyEnv env(Env::real());
  const auto inside = env.within(folder / "sub");
  REQUIRE(inside.ok());
  try_all(**inside, folder / "sub", fd.get());
  CHECK((*inside)->read_file(folder.file(), 100).value() == "content");
  CHECK(env.within(folder / "none").status().sys_errno() == ENOENT);
}

}  // namespace socbridge::health
