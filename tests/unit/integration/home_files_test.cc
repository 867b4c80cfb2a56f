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

}  // namespace

TEST_CASE("home files: a new file has its mode and replaces nothing") {
  const TempDir dir;
  const std::string path = dir / "file";
  REQUIRE(write_new_file(Env::real(), path, "text", kMine).ok());
  CHECK(mode_of(path) == 0640);
  CHECK(*Env::real().read_file(path, 100) == "text");
  CHECK(write_new_file(Env::real(), path, "other", kMine).sys_errno() == EEXIST);
  CHECK(*Env::real().read_file(path, 100) == "text");
}

TEST_CASE("home files: what stands in place of the new file is not followed") {
  const TempDir dir;
  const std::string victim = dir / "victim";
  REQUIRE(write_new_file(Env::real(), victim, "secret", kMine).ok());
  const std::string path = dir / "file";
  REQUIRE(::symlink(victim.c_str(), (path + ".new").c_str()) == 0);
  REQUIRE(::symlink(victim.c_str(), path.c_str()) == 0);
  REQUIRE(replace_owned_file(Env::real(), path, "text", {kMine.uid, kMine.gid, 0600}).ok());
  CHECK(*Env::real().read_file(victim, 100) == "secret");
  CHECK(mode_of(victim) == 0640);
  CHECK(mode_of(path) == 0600);
  CHECK(!Env::real().lstat(path + ".new").ok());
}

TEST_CASE("home files: a folder is made once") {
  const TempDir dir;
  const std::string path = dir / "folder";
  REQUIRE(make_owned_folder(Env::real(), path, {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(mode_of(path) == 0700);
  CHECK(make_owned_folder(Env::real(), path, kMine).sys_errno() == EEXIST);
  CHECK(mode_of(path) == 0700);
  CHECK(!Env::real().lstat(path + ".new").ok());
}

TEST_CASE("home files: a folder that a killed process has begun is made") {
  const TempDir dir;
  const std::string path = dir / "folder";
  REQUIRE(Env::real().mkdir(path + ".new", 0700).ok());
  REQUIRE(make_owned_folder(Env::real(), path, {kMine.uid, kMine.gid, 0700}).ok());
  CHECK(mode_of(path) == 0700);
  CHECK(!Env::real().lstat(path + ".new").ok());
}
