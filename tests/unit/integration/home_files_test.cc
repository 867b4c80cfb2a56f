// SPDX-License-Identifier: Apache-2.0
#include "integration/home_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::integration;
using socbridge::test::TempDir;

namespace {

mode_t mode_of(const std::string& path) {
  return static_cast<mode_t>(Env::real().lstat(path)->mode & 07777);
}

const FileOwner kMine{::geteuid(), ::getegid(), 0640};

HeldFolder held(const std::string& path) {
  auto folder = HeldFolder::open(Env::real(), path, Trust::of_process());
  REQUIRE(folder.ok());
  return std::move(*folder);
}

}  // namespace

TEST_CASE("home files: a new file has its mode and replaces nothing") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  const std::string path = dir / "file";
  REQUIRE(folder.write_new("file", "text", kMine).ok());
  CHECK(mode_of(path) == 0640);
  CHECK(*Env::real().read_file(path, 100) == "text");
  CHECK(folder.write_new("file", "other", kMine).sys_errno() == EEXIST);
  CHECK(*Env::real().read_file(path, 100) == "text");
}

TEST_CASE("home files: a link in place of the new file is not followed") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  const std::string victim = dir / "victim";
  REQUIRE(folder.write_new("victim", "secret", kMine).ok());
  const std::string path = dir / "file";
  REQUIRE(::symlink(victim.c_str(), (path + ".new").c_str()) == 0);
  REQUIRE(::symlink(victim.c_str(), path.c_str()) == 0);
  REQUIRE(folder.replace("file", "text", {kMine.uid, kMine.gid, 0600}).ok());
  CHECK(*Env::real().read_file(victim, 100) == "secret");
  CHECK(mode_of(victim) == 0640);
  CHECK(mode_of(path) == 0600);
  CHECK(!Env::real().lstat(path + ".new").ok());
}

TEST_CASE("home files: a folder is made once") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  const std::string path = dir / "folder";
  REQUIRE(folder.make_folder("folder", {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(mode_of(path) == 0700);
  CHECK(folder.make_folder("folder", kMine).sys_errno() == EEXIST);
  CHECK(mode_of(path) == 0700);
  CHECK(!Env::real().lstat(path + ".new").ok());
}

TEST_CASE("home files: a folder that a killed process has begun is made") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  const std::string path = dir / "folder";
  REQUIRE(Env::real().mkdir(path + ".new", 0700).ok());
  REQUIRE(folder.make_folder("folder", {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(mode_of(path) == 0700);
  CHECK(!Env::real().lstat(path + ".new").ok());
}

TEST_CASE("home files: a replacement of the folder after its check gets nothing") {
  const TempDir dir;
  const std::string etc = dir.folder("etc"), target = dir.folder("target"), old = dir / "old";
  const HeldFolder folder = held(etc);
  REQUIRE(folder.write_new("conf", "before", kMine).ok());
  REQUIRE(::rename(etc.c_str(), old.c_str()) == 0);
  REQUIRE(::symlink(target.c_str(), etc.c_str()) == 0);
  REQUIRE(folder.write_new("backup", "text", kMine).ok());
  REQUIRE(folder.replace("conf", "after", kMine).ok());
  REQUIRE(folder.make_folder("spool", {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(folder.read("conf", 100)->bytes == "after");
  CHECK(Env::real().list_dir(target)->empty());
  CHECK(Env::real().list_dir(old)->size() == 3);
}

TEST_CASE("home files: only a file is read, and no link") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  dir.write("file", "text");
  REQUIRE(::symlink("file", (dir / "link").c_str()) == 0);
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(folder.read("file", 100)->bytes == "text");
  CHECK(folder.read("file", 3).status().sys_errno() == EFBIG);
  CHECK(folder.read("none", 100).status().message() ==
        "cannot open " + (dir / "none") + ": No such file or directory");
  for (const char* name : {"link", "fifo"}) {
    CHECK(folder.read(name, 100).status().message() == (dir / name) + " is a link or not a file");
  }
}

TEST_CASE("home files: messages name the path, not the descriptor") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  REQUIRE(folder.write_new("file", "text", kMine).ok());
  CHECK_THAT(folder.write_new("file", "text", kMine).message(), Catch::Contains(dir / "file"));
  dir.folder("kept");
  dir.write("kept/in", "x");
  const Status failed = folder.replace("kept", "text", kMine);
  CHECK_THAT(failed.message(), Catch::Contains(dir / "kept") && !Catch::Contains("/proc/"));
}

TEST_CASE("home files: a folder that is not empty is not given away as a new one") {
  const TempDir dir;
  const HeldFolder folder = held(dir.path());
  dir.folder("spool.new");
  dir.write("spool.new/keys", "x");
  CHECK_FALSE(folder.make_folder("spool", {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(Env::real().lstat(dir / "spool.new/keys").ok());
}
