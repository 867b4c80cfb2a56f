// SPDX-License-Identifier: Apache-2.0
// The spool as seen by its user.
#include "spool/inspect.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/time.h"
#include "spool/fsck.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::spool {
namespace {

namespace fs = std::filesystem;
constexpr uid_t kOther = 65534;

struct Place {
  Place() {
    dir = top + "/w2thive";
    REQUIRE(Spool::open(Env::real(), dir).ok());
    whose = {::geteuid(), ::getegid(), "the user"};
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string add() const {
    auto spool = Spool::open(Env::real(), dir);
    Entry entry;
    entry.accepted_ms = wall_now_ms();
    entry.alert = "{}";
    const auto claim = spool->accept(entry);
    REQUIRE(claim.ok());
    return claim->id();
  }
  void give_all(uid_t uid) const {
    ::chown(dir.c_str(), uid, uid);
    for (const auto& one : fs::recursive_directory_iterator(dir)) {
      REQUIRE(::lchown(one.path().c_str(), uid, uid) == 0);
    }
  }
  std::map<std::string, Defect> look() {
    std::map<std::string, Defect> found;
    const auto before = listing();
    seen = inspect(Env::real(), dir, whose, bounds, [&](const Defect& defect) {
      CHECK(found.emplace(defect.path + " " + defect.problem, defect).second);
    });
    CHECK(listing() == before);
    return found;
  }
  std::map<std::string, std::string> listing() const {
    std::map<std::string, std::string> all;
    for (const auto& one : fs::recursive_directory_iterator(top)) {
      struct stat s {};
      REQUIRE(::lstat(one.path().c_str(), &s) == 0);
      all[one.path()] = std::to_string(s.st_mode) + " " + std::to_string(s.st_uid) + " " +
                        std::to_string(s.st_ctim.tv_nsec) + " " + std::to_string(s.st_ctim.tv_sec);
    }
    return all;
  }
  FsckTotals repair_as_root() {
    FolderCheck check{dir, whose, {}, true, GiveFolder::if_spool};
    FsckTotals totals;
    fsck_folders(Env::real(), check, totals, [](const Defect&) {});
    return totals;
  }

  test::TempDir folder;
  std::string top = folder.path(), dir;
  Whose whose;
  Bounds bounds;
  Inspection seen;
};

}  // namespace

TEST_CASE("a spool in use has no defects, and the inspection creates nothing") {
  Place place;
  place.add();
  CHECK(place.look().empty());
  CHECK(place.seen.presence == Inspection::Presence::there);
  CHECK(place.seen.totals.entries == 1);
}

TEST_CASE("a spool that is to come: fine where its user can make it") {
  Place place;
  fs::remove_all(place.dir);
  CHECK(place.look().empty());
  CHECK(place.seen.presence == Inspection::Presence::to_come);
  fs::create_directory(place.dir);
  ::chmod(place.dir.c_str(), 0700);
  CHECK(place.look().empty());
  CHECK(place.seen.presence == Inspection::Presence::to_come);
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  fs::remove_all(place.dir);
  place.whose = {kOther, kOther, "nobody"};
  const auto found = place.look();
  REQUIRE(found.size() == 1);
  CHECK(place.seen.presence == Inspection::Presence::none);
  CHECK(found.at(" missing").stops);
  CHECK_THAT(found.at(" missing").cure, Catch::Contains("install -d -m 0700 -o 65534 -g 65534"));
}

TEST_CASE("files of root in the spool of another user are found, and root repairs them") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.whose = {kOther, kOther, "nobody"};
  const std::string id = place.add();
  std::ofstream(place.dir + "/state/due") << "socbridge-due 1 5\n";
  ::chmod((place.dir + "/state/due").c_str(), 0600);
  std::ofstream(place.dir + "/state/destination-1") << "-----BEGIN PRIVATE KEY-----\n";
  ::chmod((place.dir + "/state/destination-1").c_str(), 0600);
  SECTION("everything") {
    const auto found = place.look();
    for (const char* what : {" owner", "tmp owner", "queue owner", "state owner", "state/due owner",
                             "in-flight owner"}) {
      REQUIRE(found.contains(what));
      CHECK(found.at(what).stops);
    }
    CHECK(found.contains("queue/" + id + ".alert owner"));
  }
  SECTION("folders and files in a folder of that user's") {
    REQUIRE(::chown(place.dir.c_str(), kOther, kOther) == 0);
    CHECK_FALSE(place.look().contains(" owner"));
  }
  const FsckTotals totals = place.repair_as_root();
  CHECK(totals.defects == totals.repaired);
  CHECK(place.look().empty());
  CHECK(fs::exists(place.dir + "/queue/" + id + ".alert"));
  CHECK(fs::exists(place.dir + "/state/due"));
  CHECK_FALSE(fs::exists(place.dir + "/state/destination-1"));  // no content of ours: no present
}

TEST_CASE("root changes the owner of no file that is not the spool's, and follows no link") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.whose = {kOther, kOther, "nobody"};
  place.give_all(kOther);
  const std::string id = "1741938001037-0123456789abcdef";
  std::ofstream(place.top + "/secret") << "secret";
  const auto owner_of = [](const std::string& path) {
    struct stat s {};
    REQUIRE(::lstat(path.c_str(), &s) == 0);
    return s.st_uid;
  };
  SECTION("a file of root's that was moved there") {
    fs::rename(place.top + "/secret", place.dir + "/queue/" + id + ".alert");
    place.repair_as_root();
    CHECK(owner_of(place.dir + "/queue/" + id + ".alert") == 0);
  }
  SECTION("a second name") {
    fs::create_hard_link(place.top + "/secret", place.dir + "/state/due");
    const auto found = place.look();
    REQUIRE(found.contains("state/due links"));
    place.repair_as_root();
    CHECK(owner_of(place.top + "/secret") == 0);
  }
  SECTION("a link to a file and one to a folder") {
    fs::create_symlink(place.top + "/secret", place.dir + "/state/due");
    fs::remove_all(place.dir + "/hold");
    fs::create_directory(place.top + "/folder");
    fs::create_symlink(place.top + "/folder", place.dir + "/hold");
    const auto found = place.look();
    CHECK_THAT(found.at("state/due type").detail, Catch::Contains("it is a link, not a file"));
    CHECK_THAT(found.at("hold type").detail, Catch::Contains("it is a link, not a folder"));
    place.repair_as_root();
    CHECK(owner_of(place.top + "/secret") == 0);
    CHECK(owner_of(place.top + "/folder") == 0);
  }
  SECTION("the folder itself, if it was named by others") {
    REQUIRE(::chown(place.dir.c_str(), 0, 0) == 0);
    FolderCheck check{place.dir, place.whose, {}, true, GiveFolder::never};
    FsckTotals totals;
    fsck_folders(Env::real(), check, totals, [](const Defect&) {});
    CHECK(owner_of(place.dir) == 0);
    CHECK(totals.repaired == 0);
  }
}

TEST_CASE("anything else in place of a file or folder is named and stops alerts") {
  Place place;
  const std::string id = place.add();
  fs::remove(place.dir + "/in-flight");
  std::string path;
  SECTION("a folder for in-flight") {
    fs::create_directory(place.dir + "/in-flight");
    path = "in-flight";
  }
  SECTION("a FIFO for in-flight") {
    REQUIRE(::mkfifo((place.dir + "/in-flight").c_str(), 0600) == 0);
    path = "in-flight";
  }
  SECTION("a FIFO for an entry") {
    path = "queue/1741938001037-0123456789abcdef.alert";
    REQUIRE(::mkfifo((place.dir + "/" + path).c_str(), 0600) == 0);
  }
  SECTION("a file for queue/") {
    fs::remove_all(place.dir + "/queue");
    std::ofstream(place.dir + "/queue") << "x";
    path = "queue";
  }
  if (path.empty()) return;
  const auto found = place.look();
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->second.path == path);
  CHECK(found.begin()->second.problem == "type");
  CHECK(found.begin()->second.stops);
}

TEST_CASE("a path in a cure to copy is one word of a shell") {
  Place place;
  const std::string moved = place.top + "/a b; $(id)", word = "'" + moved;
  fs::rename(place.dir, moved);
  place.dir = moved;
  ::chmod((moved + "/queue").c_str(), 0755);
  CHECK(place.look().at("queue mode").cure ==
        "run socctl queue fsck, or as the user chmod 0700 -- " + word + "/queue'");
  if (::geteuid() != 0) return;
  place.whose = {kOther, kOther, "nobody"};
  CHECK(place.look().at(" owner").cure ==
        "run socctl queue fsck as root, or chown -h 65534:65534 -- " + word + "'");
  fs::remove_all(moved);
  CHECK(place.look().at(" missing").cure ==
        "install -d -m 0700 -o 65534 -g 65534 -- " + word + "'");
}

TEST_CASE("a system folder that the configuration names is never to be given away") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.add();
  place.whose = {kOther, kOther, "nobody", place.top};
  const std::string cure = "set spool_dir to " + place.top + "/queue/w2thive";
  SECTION("it is there: nothing in it is inspected") {
    for (const std::string& dir : {place.dir, place.top + "/queue/..", place.top + "/queue/."}) {
      place.dir = dir;
      fs::create_directory(place.top + "/queue");
      const auto found = place.look();
      REQUIRE(found.size() == 1);
      CHECK(found.at(" owner").cure == cure);
      CHECK(found.at(" owner").repair == Repair::none);
    }
  }
  SECTION("it is where spools are") {
    fs::create_directory(place.top + "/queue");
    fs::rename(place.dir, place.top + "/queue/other");
    place.dir = place.top + "/queue/other";
    CHECK(place.look().at(" owner").cure ==
          "run socctl queue fsck as root, or chown -h 65534:65534 -- " + place.dir);
    CHECK_THAT(place.look().at("tmp owner").cure, Catch::EndsWith("-- " + place.dir + "/tmp"));
  }
  SECTION("it is not there, in a folder of root's") {
    fs::remove_all(place.dir);
    CHECK(place.look().at(" missing").cure ==
          cure + ", or if it is the right place: install -d -m 0700 -o 65534 -g 65534 -- " +
              place.dir);
  }
  SECTION("it is not there, and another user may write above it") {
    ::chmod(place.top.c_str(), 0755);
    fs::create_directory(place.top + "/logs");
    REQUIRE(::chown((place.top + "/logs").c_str(), kOther + 1, kOther) == 0);
    place.dir = place.top + "/logs/sp";
    CHECK(place.look().at(" missing").cure == cure);
    fs::create_directories(place.top + "/queue");
    REQUIRE(::chown((place.top + "/queue").c_str(), kOther + 1, kOther) == 0);
    place.dir = place.top + "/queue/w2thive";
    CHECK(place.look().at(" missing").cure ==
          "run socctl setup wazuh --write --only spool as root");
  }
}

TEST_CASE("inspect: missing folders, modes, bounds") {
  Place place;
  place.add();
  SECTION("a folder is missing") {
    fs::remove(place.dir + "/hold");
    CHECK(place.look().at("hold missing").stops);
  }
  SECTION("state/ is missing: all is made with the next alert") {
    fs::remove(place.dir + "/state");
    fs::remove(place.dir + "/hold");
    CHECK(place.look().empty());
  }
  SECTION("a mode that others may read stops nothing") {
    ::chmod((place.dir + "/queue").c_str(), 0755);
    const auto found = place.look();
    CHECK_FALSE(found.at("queue mode").stops);
  }
  SECTION("a folder for all users stops") {
    ::chmod(place.dir.c_str(), 0777);
    CHECK(place.look().at(" mode").stops);
  }
  SECTION("a folder that its user may not write") {
    if (::geteuid() == 0) {
      place.whose = {kOther, kOther, "nobody"};
      place.give_all(kOther);
    }
    ::chmod((place.dir + "/queue").c_str(), 0500);
    const auto found = place.look();
    CHECK(found.at("queue mode").stops);
    ::chmod((place.dir + "/queue").c_str(), 0700);
  }
  SECTION("full by number") {
    place.bounds.max_entries = 1;
    CHECK(place.look().at(" full").stops);
  }
  SECTION("full by space") {
    place.bounds.min_free_bytes = std::uint64_t{1} << 62;
    const auto found = place.look();
    CHECK((found.empty() || found.at(" full").stops));
  }
}

TEST_CASE("a small file system without inodes, and one mounted read-only") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  fs::remove_all(place.dir);
  fs::create_directory(place.dir);
  if (::mount("tmpfs", place.dir.c_str(), "tmpfs", 0, "size=1m,nr_inodes=20,mode=0700") != 0)
    return;
  REQUIRE(Spool::open(Env::real(), place.dir).ok());
  CHECK_THAT(place.look().at(" full").detail, Catch::Contains("inodes free"));
  REQUIRE(::mount("tmpfs", place.dir.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "nr_inodes=1000") ==
          0);
  CHECK(place.look().at(" read-only").stops);
  REQUIRE(::umount(place.dir.c_str()) == 0);
}

TEST_CASE("a stopped process that holds a claim or a lock is named") {
  Place place;
  const std::string id = place.add();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto spool = Spool::open(Env::real(), place.dir);
    auto claim = spool->claim(State::queue, id);
    auto fd = Env::real().open_rw(place.dir + "/in-flight", 0600);
    const bool locked = fd.ok() && Env::real().try_lock_range(fd->get(), 0, 16).value();
    if (claim.ok() && claim->has_value() && locked) ::raise(SIGSTOP);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
  REQUIRE(WIFSTOPPED(status));
  const auto found = place.look();
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  const std::string pid = std::to_string(child);
  CHECK_THAT(found.at("queue/" + id + ".alert stopped").detail, Catch::Contains("process " + pid));
  CHECK_THAT(found.at("in-flight stopped").detail, Catch::Contains("process " + pid));
  CHECK_THAT(found.at("in-flight stopped").cure, Catch::Contains("kill -CONT " + pid));
  CHECK(place.look().empty());
}

}  // namespace socbridge::spool
