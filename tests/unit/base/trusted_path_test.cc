// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/privileges.h"
#include "support/temp_dir.h"

using namespace socbridge;

namespace {

constexpr uid_t kStranger = 65534;

// A folder below /tmp. As root, root is trusted and a stranger is another user. Otherwise
// everything belongs to this user, and "a stranger's" is a user that the trust does not name.
class Place : public test::TempDir {
 public:
  Place() { REQUIRE(chmod(path().c_str(), 0755) == 0); }

  std::string folder(const std::string& name, mode_t mode = 0755) const {
    return TempDir::folder(name, mode);
  }
  std::string file(const std::string& name, mode_t mode = 0644) const {
    const std::string made = write(name, "");
    REQUIRE(chmod(made.c_str(), mode) == 0);
    return made;
  }
  std::string link(const std::string& name, const std::string& target) const {
    const std::string made = *this / name;
    REQUIRE(symlink(target.c_str(), made.c_str()) == 0);
    return made;
  }
};

const Trust kTrusted = Trust::of_process();

// Changes the owner to a user whom the returned trust does not name.
Trust given_away(const std::string& path) {
  if (geteuid() != 0) return Trust{};
  REQUIRE(lchown(path.c_str(), kStranger, kStranger) == 0);
  return kTrusted;
}

Status checked(const std::string& path, PathKind kind = PathKind::file,
               const Trust& trust = kTrusted) {
  const Status checked = check_trusted(path, trust, kind);
  const auto opened = open_trusted(path, trust, kind);
  CHECK(checked.line() == opened.status().line());
  return checked;
}

}  // namespace

TEST_CASE("trusted path: a file that no other user can replace is opened") {
  const Place place;
  place.folder("etc", 0700);
  const std::string file = place.file("etc/key", 0600);
  CHECK(checked(file).ok());
  CHECK(checked(place / "etc/../etc/./key").ok());
  CHECK(checked(place / "etc", PathKind::folder).ok());
  CHECK(checked(place / "etc/", PathKind::folder).ok());
  CHECK(checked("/", PathKind::folder).ok());
}

TEST_CASE("trusted path: a relative path starts at the working directory") {
  const Place place;
  place.file("key");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(place / ".");
  const bool ok = check_trusted("key", kTrusted, PathKind::file).ok();
  std::filesystem::current_path(before);
  CHECK(ok);
}

TEST_CASE("trusted path: no remedy takes a folder away from its owner") {
  if (geteuid() != 0) return;
  const Place place;  // the home of a person, or Wazuh's etc/
  const std::string folder = place / "etc";
  std::filesystem::create_directory(folder);
  const std::string key = place.file("etc/key", 0600);
  REQUIRE(chown(folder.c_str(), 65534, 65534) == 0);
  const Status owner = checked(key);
  CHECK(is_distrust(owner));
  CHECK(owner.message().find(folder + " belongs to") == 0);
  CHECK(owner.hint() == "put it where no other user may write, such as a folder of root's in /etc");
  REQUIRE(chown(folder.c_str(), 0, 65534) == 0);
  REQUIRE(chmod(folder.c_str(), 0770) == 0);
  CHECK(checked(key).hint().find("chmod") == std::string::npos);
}

TEST_CASE("trusted path: a file that others may write is an error with the cure") {
  const Place place;
  const Status all = checked(place.file("all", 0646));
  CHECK(is_distrust(all));
  CHECK(all.message() == place / "all" + " may be written by any user");
  CHECK(all.hint() == "run chmod o-w " + place / "all");
  REQUIRE(chown(place.file("group", 0664).c_str(), geteuid(), geteuid() == 0 ? 65534 : getegid()) ==
          0);
  Trust none = kTrusted;
  none.groups.clear();
  const Status group = checked(place / "group", PathKind::file, none);
  CHECK(is_distrust(group));
  CHECK(group.hint() == "run chmod g-w " + place / "group");
  none.groups.push_back(geteuid() == 0 ? 65534 : getegid());
  CHECK(checked(place / "group", PathKind::file, none).ok());
}

TEST_CASE("trusted path: a path in a cure to copy is one word of a shell") {
  const Place place;
  const std::string name = "a b; $(id)", word = "'" + place / name + "'";
  CHECK(checked(place.file(name, 0646)).hint() == "run chmod o-w " + word);
  const std::string file = place.file(name, 0644);
  if (geteuid() != 0) return;
  REQUIRE(chown(file.c_str(), 0, kStranger) == 0);
  REQUIRE(chmod(file.c_str(), 0664) == 0);
  CHECK(checked(file).hint() == "run chmod g-w " + word);
  CHECK(checked(file, PathKind::file, given_away(file)).hint() == "run chown root " + word);
}

TEST_CASE("trusted path: each folder on the way is checked") {
  const Place place;
  place.folder("a");
  place.folder("a/b", 0777);
  place.folder("a/b/c");
  place.file("a/b/c/key");
  const Status open = checked(place / "a/b/c/key");
  CHECK(is_distrust(open));
  CHECK(open.message() == place / "a/b" + " may be written by any user");
  REQUIRE(chmod((place / "a/b").c_str(), 0755) == 0);
  CHECK(checked(place / "a/b/c/key").ok());
  const Trust trust = given_away(place / "a");
  const Status owner = checked(place / "a/b/c/key", PathKind::file, trust);
  CHECK(is_distrust(owner));
  CHECK(owner.message().find("belongs to") != std::string::npos);
}

TEST_CASE("trusted path: a sticky folder is accepted for files that only their owner can replace") {
  const Place place;
  const std::string sticky = place.folder("sticky", 01777);
  const std::string file = place.file("sticky/key");
  CHECK(checked(file).ok());
  const Status itself = checked(sticky, PathKind::folder);
  CHECK(is_distrust(itself));
  CHECK(itself.message() == sticky + " may be written by any user");
  CHECK(is_distrust(checked(file, PathKind::file, given_away(file))));
}

TEST_CASE("trusted path: a stranger's file is an error, a named user's is not") {
  const Place place;
  const std::string file = place.file("key");
  Trust trust = given_away(file);
  const Status owner = checked(file, PathKind::file, trust);
  CHECK(is_distrust(owner));
  CHECK(owner.code() == ExitCode::usage);
  trust.users.push_back(geteuid() == 0 ? kStranger : geteuid());
  CHECK(checked(file, PathKind::file, trust).ok());
}

TEST_CASE("trusted path: links are followed if the link and its target are trusted") {
  const Place place;
  place.folder("real");
  place.file("real/key");
  place.link("here", "real");
  place.link("far", place / "here/key");
  CHECK(checked(place / "here/key").ok());
  CHECK(checked(place / "far").ok());
  place.folder("open", 0777);
  place.file("open/key");
  place.link("bad", "real/../open/key");
  CHECK(is_distrust(checked(place / "bad")));
  const Trust trust = given_away(place / "here");
  CHECK(is_distrust(checked(place / "far", PathKind::file, trust)));
  place.link("loop", "loop");
  CHECK(checked(place / "loop").sys_errno() == ELOOP);
  place.link("dangling", "nowhere");
  CHECK(checked(place / "dangling").sys_errno() == ENOENT);
}

TEST_CASE("trusted path: anything but a regular file is named, and opening does not block") {
  const Place place;
  const std::string fifo = place / "fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  const Status pipe = checked(fifo);
  CHECK(is_distrust(pipe));
  CHECK(pipe.message() == fifo + " is not a regular file");
  place.folder("folder");
  CHECK(checked(place / "folder").message() == place / "folder" + " is not a regular file");
  place.file("file");
  CHECK(checked(place / "file", PathKind::folder).message() == place / "file" + " is not a folder");
  CHECK(checked(place / "file/x").sys_errno() == ENOTDIR);
}

TEST_CASE("trusted path: a missing file is not a trust error") {
  const Place place;
  const Status missing = checked(place / "none/key");
  CHECK(missing.sys_errno() == ENOENT);
  CHECK_FALSE(is_distrust(missing));
  CHECK(missing.message() == "cannot open " + place / "none" + ": No such file or directory");
}
