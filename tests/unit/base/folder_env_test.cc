// SPDX-License-Identifier: Apache-2.0
// Files in a folder that another user may have prepared.
#include "base/folder_env.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/time.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge {
namespace {

namespace fs = std::filesystem;

struct Place {
  Place() {
    inside = dir + "/inside";
    fs::create_directories(inside + "/sub");
    fs::create_directories(dir + "/other");
    std::ofstream(dir + "/other/secret") << "secret";
    auto opened = Env::real().within(inside);
    REQUIRE(opened.ok());
    env = *opened;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  test::TempDir folder;
  std::string dir = folder.path(), inside;
  std::shared_ptr<Env> env;
};

uid_t owner(const std::string& path) {
  struct stat s {};
  REQUIRE(::lstat(path.c_str(), &s) == 0);
  return s.st_uid;
}

}  // namespace

TEST_CASE("files below the folder are used as everywhere") {
  const Place place;
  const std::string file = place.inside + "/sub/a";
  auto fd = place.env->create_new(file, 0600);
  REQUIRE(fd.ok());
  REQUIRE(place.env->write_all(fd->get(), "text").ok());
  CHECK(place.env->create_new(file, 0600).status().sys_errno() == EEXIST);
  CHECK(place.env->read_file(file, 10).value() == "text");
  CHECK(place.env->read_file(file, 3).status().sys_errno() == EFBIG);
  REQUIRE(place.env->rename(file, place.inside + "/b").ok());
  CHECK(place.env->stat(place.inside + "/b")->size == 4);
  CHECK(place.env->list_dir(place.inside).value().size() == 2);
  CHECK(place.env->fsync_dir(place.inside + "/sub").ok());
  CHECK(place.env->mkdir(place.inside + "/sub/deep", 0700).ok());
  CHECK(place.env->stat(place.inside + "/sub/deep")->is_dir());
  CHECK(place.env->unlink(place.inside + "/b").ok());
  CHECK(place.env->read_file(place.inside + "/b", 10).status().sys_errno() == ENOENT);
  CHECK(place.env->free_bytes(place.inside).value() > 0);
  CHECK(place.env->read_file(place.dir + "/other/secret", 10).value() == "secret");
}

TEST_CASE("a link is not followed, at any position, and is named in the error") {
  const Place place;
  fs::create_symlink(place.dir + "/other", place.inside + "/state");
  fs::create_symlink(place.dir + "/other/secret", place.inside + "/in-flight");
  fs::create_symlink("secret", place.dir + "/other/again");
  const auto refused = [](const Status& status) {
    CHECK_FALSE(status.ok());
    CHECK_THAT(status.message(), Catch::Contains("it is a link"));
  };
  refused(place.env->create_new(place.inside + "/state/new", 0600).status());
  refused(place.env->open_append(place.inside + "/state/secret", 0600).status());
  refused(place.env->read_file(place.inside + "/state/secret", 100).status());
  refused(place.env->visit_dir(place.inside + "/state", [](std::string_view) { return true; }));
  refused(place.env->fsync_dir(place.inside + "/state"));
  refused(place.env->mkdir(place.inside + "/state/folder", 0700));
  refused(place.env->unlink(place.inside + "/state/secret"));
  refused(place.env->stat(place.inside + "/state/secret").status());
  refused(place.env->open_rw(place.inside + "/in-flight", 0600).status());
  refused(place.env->open_append(place.inside + "/in-flight", 0600).status());
  refused(place.env->open_read(place.inside + "/in-flight").status());
  CHECK_FALSE(place.env->stat(place.inside + "/in-flight")->is_file());
  CHECK_FALSE(fs::exists(place.dir + "/other/new"));
  CHECK(fs::exists(place.dir + "/other/secret"));
  CHECK_FALSE(place.env->read_file(place.inside + "/sub/../../other/secret", 100).ok());
  CHECK_FALSE(place.env->rename(place.dir + "/other/secret", place.inside + "/sub/x").ok());
}

TEST_CASE("a path that is not a regular file is reported, and opening never blocks") {
  const Place place;
  const std::string path = place.inside + "/sub/it";
  std::string name;
  SECTION("a FIFO") {
    name = "a FIFO";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  SECTION("a socket") {
    name = "a socket";
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  SECTION("a folder") {
    name = "a folder";
    fs::create_directory(path);
  }
  if (name.empty()) return;
  const std::int64_t began = steady_now_ms();
  for (const Status& status :
       {place.env->open_read(path).status(), place.env->open_append(path, 0600).status(),
        place.env->open_rw(path, 0600).status(), place.env->read_file(path, 10).status()}) {
    CHECK_FALSE(status.ok());
    CHECK_THAT(status.message(), Catch::Contains(path + ": it is " + name + ", not a file"));
  }
  CHECK(steady_now_ms() - began < 1000);
  std::ofstream(place.inside + "/file") << "x";
  CHECK_THAT(place.env->list_dir(place.inside + "/file").status().message(),
             Catch::Contains("it is a file, not a folder"));
}

TEST_CASE("a file that root creates in the folder of another user belongs to that user") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  constexpr uid_t kOther = 65534;
  const Place place;
  for (const std::string& path : {place.inside, place.inside + "/sub"}) {
    REQUIRE(::chown(path.c_str(), kOther, kOther) == 0);
  }
  const auto opened = Env::real().within(place.inside);
  REQUIRE(opened.ok());
  Env& env = **opened;
  REQUIRE(env.create_new(place.inside + "/sub/new", 0600).ok());
  REQUIRE(env.open_rw(place.inside + "/in-flight", 0600).ok());
  REQUIRE(env.open_append(place.inside + "/admitted", 0600).ok());
  REQUIRE(env.mkdir(place.inside + "/folder", 0700).ok());
  for (const char* name : {"/sub/new", "/in-flight", "/admitted", "/folder"}) {
    CHECK(owner(place.inside + name) == kOther);
  }
  // A second hard link of a file may be anywhere.
  fs::create_hard_link(place.dir + "/other/secret", place.inside + "/sub/hard");
  REQUIRE(env.open_rw(place.inside + "/sub/hard", 0600).ok());
  CHECK(owner(place.dir + "/other/secret") == 0);
}

TEST_CASE("a folder that was removed and made again is found at once") {
  const Place place;
  REQUIRE(place.env->create_new(place.inside + "/sub/a", 0600).ok());
  fs::remove_all(place.inside + "/sub");
  CHECK_FALSE(place.env->create_new(place.inside + "/sub/b", 0600).ok());
  fs::create_directory(place.inside + "/sub");
  CHECK(place.env->create_new(place.inside + "/sub/b", 0600).ok());
  CHECK(place.env->rename(place.inside + "/sub/b", place.inside + "/sub/c").ok());
  fs::remove_all(place.inside);
  CHECK(place.env->read_file(place.inside + "/sub/c", 10).status().sys_errno() == ENOENT);
  fs::create_directories(place.inside + "/sub");
  CHECK(place.env->create_new(place.inside + "/sub/d", 0600).ok());
  CHECK(fs::exists(place.inside + "/sub/d"));
}

TEST_CASE("no folder, no Env") {
  const Place place;
  CHECK(Env::real().within(place.dir + "/none").status().sys_errno() == ENOENT);
  CHECK(Env::real().within(place.dir + "/other/secret").status().sys_errno() == ENOTDIR);
}

}  // namespace socbridge
