// SPDX-License-Identifier: Apache-2.0
// What repair() does itself; what is found and which repair is chosen, is in fsck_test.cc.
#include "spool/repair.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

#include "base/time.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::spool {
namespace {

namespace fs = std::filesystem;
constexpr uid_t kOther = 65534;

// A spool with one entry.
struct Place {
  Place() {
    auto spool = Spool::open(Env::real(), dir);
    REQUIRE(spool.ok());
    Entry one;
    one.accepted_ms = wall_now_ms();
    one.alert = "{}";
    const auto claim = spool->accept(one);
    REQUIRE(claim.ok());
    entry = "queue/" + claim->id() + ".alert";
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // All but what root left there since belongs to that user.
  void belongs_to_other() {
    whose = {kOther, kOther, "nobody"};
    REQUIRE(::chown(dir.c_str(), kOther, kOther) == 0);
    for (const auto& one : fs::recursive_directory_iterator(dir)) {
      REQUIRE(::lchown(one.path().c_str(), kOther, kOther) == 0);
    }
  }
  std::string left_by_root(const std::string& path, const std::string& text) const {
    std::ofstream(dir + "/" + path) << text;
    REQUIRE(::chmod((dir + "/" + path).c_str(), 0644) == 0);
    return path;
  }
  // The message of the error, or "".
  std::string repair_of(const std::string& path, Repair wanted, mode_t mode,
                        GiveFolder give_folder = GiveFolder::never) {
    defect = {path, "owner", "", "chown", false};
    defect.repair = wanted;
    defect.mode = mode;
    const Status done = repair({dir, whose, give_folder}, defect);
    if (!done.ok()) CHECK(done.code() == ExitCode::failure);
    return done.ok() ? "" : done.message();
  }
  std::string give(const std::string& path) {
    return repair_of(path, Repair::chown_to_owner, 0600);
  }
  std::string give_top(GiveFolder give_folder) {
    return repair_of("", Repair::chown_to_owner, 0700, give_folder);
  }
  FileInfo info(const std::string& path) const {
    return Env::real().lstat(dir + "/" + path).value();
  }
  uid_t owner(const std::string& path) const { return info(path).uid; }
  mode_t mode(const std::string& path) const { return info(path).mode & 07777U; }
  bool has(const std::string& path) const {
    return fs::symlink_status(dir + "/" + path).type() != fs::file_type::not_found;
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

  test::TempDir folder;
  std::string top = folder.path(), dir = top + "/w2thive", entry;
  Whose whose{::geteuid(), ::getegid(), "the user"};
  Defect defect;
};

}  // namespace

TEST_CASE("repair makes a missing folder with its mode, once") {
  Place place;
  fs::remove(place.dir + "/hold");
  CHECK(place.repair_of("hold", Repair::make_folder, 0700).empty());
  CHECK(place.mode("hold") == 0700);
  CHECK(place.repair_of("hold", Repair::make_folder, 0700) == "File exists");
  CHECK(place.repair_of("state/no/deeper", Repair::make_folder, 0700) ==
        "No such file or directory");
}

TEST_CASE("repair sets modes of folders and of files with one name, and follows no link") {
  Place place;
  REQUIRE(::chmod((place.dir + "/queue").c_str(), 0755) == 0);
  CHECK(place.repair_of("queue", Repair::set_mode, 0700).empty());
  CHECK(place.mode("queue") == 0700);
  CHECK(place.repair_of(place.entry, Repair::set_mode, 0640).empty());
  CHECK(place.mode(place.entry) == 0640);
  CHECK(place.repair_of("", Repair::set_mode, 0700).empty());
  fs::create_hard_link(place.dir + "/" + place.entry, place.top + "/second");
  CHECK(place.repair_of(place.entry, Repair::set_mode, 0600) ==
        "it is not a file with one hard link");
  CHECK(place.mode(place.entry) == 0640);
  fs::create_symlink("../" + place.entry, place.dir + "/state/link");
  CHECK_FALSE(place.repair_of("state/link", Repair::set_mode, 0600).empty());
  fs::create_directory_symlink(place.dir + "/queue", place.dir + "/state/folder");
  CHECK_FALSE(place.repair_of("state/folder/x", Repair::make_folder, 0700).empty());
  REQUIRE(::mkfifo((place.dir + "/in-flight.pipe").c_str(), 0644) == 0);
  CHECK(place.repair_of("in-flight.pipe", Repair::set_mode, 0600) ==
        "it is not a file with one hard link");
}

TEST_CASE("what is repaired by no one but a person stays as it is") {
  Place place;
  const auto before = place.listing();
  CHECK(place.repair_of(place.entry, Repair::none, 0600) == "the operator must repair it");
  CHECK(place.listing() == before);
}

TEST_CASE("without the spool's folder a repair fails with the reason") {
  Place place;
  fs::remove_all(place.dir);
  CHECK(place.repair_of("queue", Repair::make_folder, 0700) == "No such file or directory");
}

TEST_CASE("root makes a missing folder for the spool's user") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  fs::remove(place.dir + "/hold");
  CHECK(place.repair_of("hold", Repair::make_folder, 0700).empty());
  CHECK(place.owner("hold") == kOther);
  CHECK(place.info("hold").gid == kOther);
}

TEST_CASE("root gives files that are the spool's to its user, with the mode they are to have") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  const std::string bytes = Env::real().read_file(place.dir + "/" + place.entry, 4096).value();
  const std::string stem = "queue/1741938001037-0123456789abcdef";
  const std::string bucket = "m ref 1741938001037 10\n+\no 0123456789abcdef\nb 3\nt id name\n";
  for (const auto& [path, text] :
       std::map<std::string, std::string>{{stem + ".alert", bytes},
                                          {stem + ".reason", R"({"at_ms":5,"kind":"retry"})"},
                                          {"counts", "socbridge-counts 1\n"},
                                          {"state/usage", "socbridge-usage 1 1 1 1\n"},
                                          {"state/admitted", "...."},
                                          {"state/delivered-0123456789ab", ""},
                                          {"state/buckets/x", bucket}}) {
    CAPTURE(path);
    fs::create_directories(fs::path(place.dir + "/" + path).parent_path());
    place.left_by_root(path, text);
    CHECK(place.give(path).empty());
    CHECK(place.owner(path) == kOther);
    CHECK(place.info(path).gid == kOther);
    CHECK(place.mode(path) == 0600);
    CHECK(place.defect.action == "chown");
  }
}

TEST_CASE("root gives away no entry or reason whose content is not the spool's") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  const std::string stem = "queue/1741938001037-0123456789abcdef";
  const std::string why = "its content does not belong to a spool: check it manually";
  CHECK(place.give(place.left_by_root(stem + ".alert", "root:x:0:0")) == why);
  CHECK(place.give(place.left_by_root(stem + ".reason", R"({"kind":"retry"})")) == why);
  CHECK(place.give(place.left_by_root("queue/secret", "socbridge-x")) == why);
  CHECK(place.owner(stem + ".alert") == 0);
  CHECK(place.mode(stem + ".alert") == 0644);
}

TEST_CASE("root removes cached files whose content is not the spool's, and says so") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  fs::create_directories(place.dir + "/state/buckets");
  for (const char* path : {"state/x", "state/buckets/x", "tmp/x.alert", "counts"}) {
    CAPTURE(path);
    place.left_by_root(path, "root:x:0:0\n");
    CHECK(place.give(path).empty());
    CHECK_FALSE(place.has(path));
    CHECK(place.defect.action == "remove");
  }
}

TEST_CASE("root removes in-flight rather than give it away, unless a process uses it") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  place.left_by_root("in-flight", "");
  {
    const auto user = Env::real().open_rw(place.dir + "/in-flight", 0600);
    REQUIRE(Env::real().try_lock_range(user->get(), 160, 16).value());
    CHECK(place.give("in-flight") == "a process uses it: end that process first");
    CHECK(place.has("in-flight"));
  }
  CHECK(place.give("in-flight").empty());
  CHECK_FALSE(place.has("in-flight"));
  CHECK(place.defect.action == "remove");
}

TEST_CASE("root gives away no link, no file with two names and nothing that is not a file") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.belongs_to_other();
  std::ofstream(place.top + "/secret") << "socbridge-x";
  fs::create_symlink(place.top + "/secret", place.dir + "/state/link");
  CHECK(place.give("state/link") == "it is a link: check it manually");
  fs::create_hard_link(place.top + "/secret", place.dir + "/state/second");
  CHECK(place.give("state/second") == "it has several hard links: check it manually");
  REQUIRE(::mkfifo((place.dir + "/state/pipe").c_str(), 0600) == 0);
  CHECK(place.give("state/pipe") == "it is not a file");
  CHECK(fs::exists(place.top + "/secret"));
  CHECK(Env::real().stat(place.top + "/secret")->uid == 0);
}

TEST_CASE("root gives away the spool's folder only if its content says that it is one") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.whose = {kOther, kOther, "nobody"};
  const std::string unknown = "its content is not that of a spool: check it manually";
  SECTION("a whole spool") {
    CHECK(place.give_top(GiveFolder::if_spool).empty());
    CHECK(place.owner("") == kOther);
    CHECK(place.owner("queue") == 0);  // each folder by itself
    CHECK(place.repair_of("queue", Repair::chown_to_owner, 0700).empty());
    CHECK(place.owner("queue") == kOther);
  }
  SECTION("a foreign name in it or in one of its folders") {
    for (const char* path : {"passwd", "queue/passwd", "state"}) {
      CAPTURE(path);
      const bool is_state = std::string(path) == "state";
      if (is_state) fs::create_directory(place.dir + "/state/other");
      if (!is_state) place.left_by_root(path, "x");
      CHECK_THAT(place.give_top(GiveFolder::if_spool),
                 Catch::Contains("which does not belong to a spool: check it manually"));
      if (!is_state) fs::remove(place.dir + "/" + path);
    }
    CHECK(place.owner("") == 0);
  }
  SECTION("an empty one is given only where nothing else can be meant") {
    fs::remove_all(place.dir);
    fs::create_directory(place.dir);
    CHECK(place.give_top(GiveFolder::if_spool) == unknown);
    CHECK(place.owner("") == 0);
    CHECK(place.give_top(GiveFolder::if_spool_or_empty).empty());
    CHECK(place.owner("") == kOther);
  }
  SECTION("half a spool") {
    fs::remove_all(place.dir + "/queue");
    CHECK(place.give_top(GiveFolder::if_spool_or_empty) == unknown);
  }
}

TEST_CASE("root repairs nothing in a folder that took the place of the spool") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  const std::string entry = place.entry;
  place.belongs_to_other();
  const std::string target = place.top + "/target";
  fs::create_directories(target + "/queue");
  fs::rename(place.dir, place.top + "/old");
  std::ofstream(target + "/" + entry) << "root's";
  fs::create_directory_symlink(target, place.dir);
  const auto before = place.listing();
  for (auto [path, wanted, mode] : {std::tuple{std::string(), Repair::set_mode, 0711U},
                                    {entry, Repair::set_mode, 0600U},
                                    {std::string("queue"), Repair::set_mode, 0711U},
                                    {std::string("hold"), Repair::make_folder, 0700U},
                                    {entry, Repair::chown_to_owner, 0600U}}) {
    Defect defect{path, "mode", "", "", false};
    defect.repair = wanted;
    defect.mode = mode;
    CHECK_THAT(repair({place.dir, place.whose, GiveFolder::never}, defect).message(),
               Catch::Contains("now belongs to another user"));
  }
  CHECK(place.listing() == before);
}

TEST_CASE("root gives away no folder below a link of its user's") {
  if (::geteuid() != 0) SKIP_TEST("needs files of two users");
  Place place;
  place.whose = {kOther, kOther, "nobody"};
  const std::string home = place.top + "/home";
  fs::create_directory(home);
  REQUIRE(::chown(home.c_str(), kOther, kOther) == 0);
  fs::create_directory_symlink(place.top, home + "/queue");
  REQUIRE(::lchown((home + "/queue").c_str(), kOther, kOther) == 0);
  const std::string dir = home + "/queue/" + fs::path(place.dir).filename().string();
  Defect defect{"", "owner", "", "chown 65534", false};
  defect.repair = Repair::chown_to_owner;
  defect.mode = 0700;
  const Status done = repair({dir, place.whose, GiveFolder::if_spool}, defect);
  CHECK_THAT(done.message(), Catch::Contains("/home/queue is a link of"));
  CHECK(Env::real().stat(place.dir)->uid == 0);
}

}  // namespace socbridge::spool
