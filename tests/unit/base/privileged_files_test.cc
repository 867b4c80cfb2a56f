// SPDX-License-Identifier: Apache-2.0
#include "base/privileged_files.h"

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

// Runs `look` in a process that kept `files` and then, as root, switched to the user `nobody`.
std::string after(const PrivilegedFiles& files, const std::function<std::string()>& look) {
  const auto said = run_as_user(effective_user(), 10000, [&] {
    if (!keep_files(files).ok()) return std::string("not kept");
    if (geteuid() == 0 && !become_user(find_user("nobody").value()).ok())
      return std::string("root");
    return look();
  });
  REQUIRE(said.ok());
  return *said;
}

std::string read(const std::string& path) {
  const auto text = Env::real().read_file(path, 1000);
  return text.ok() ? *text : std::to_string(text.status().sys_errno());
}

class Place : public test::TempDir {
 public:
  Place() {
    for (const char* name : {"/in", "/in/deep", "/out"}) folder(name);
    for (const char* file : {"/in/a", "/in/deep/b", "/named", "/other"}) {
      write(file, std::string("text of ") + file);
    }
    REQUIRE(symlink("../other", (path() + "/in/link").c_str()) == 0);
    REQUIRE(symlink("other", (path() + "/named-link").c_str()) == 0);
  }
};

// Without root the kernel refuses nothing.
std::string refused_or(const std::string& otherwise) {
  return geteuid() == 0 ? std::to_string(EACCES) : otherwise;
}

}  // namespace

TEST_CASE("kept files: named paths and paths below them can be read, others cannot") {
  const Place place;
  const PrivilegedFiles files{{place / "in/", place / "named", place / "named-link", ""}, {}};
  const auto seen = [&](const std::string& name) {
    return after(files, [&] { return read(place / name); });
  };
  CHECK(seen("named") == "text of /named");
  CHECK(seen("in/a") == "text of /in/a");
  CHECK(seen("in/deep/b") == "text of /in/deep/b");
  CHECK(seen("named-link") == "text of /other");  // the operator's own choice
  CHECK(seen("other") == refused_or("text of /other"));
  CHECK(seen("in/link") == refused_or("text of /other"));
  CHECK(seen("in/../other") == refused_or("text of /other"));
  CHECK(seen("in/none") == std::to_string(ENOENT));  // as root would find it
  CHECK(seen("none") == (geteuid() == 0 ? std::to_string(EACCES) : std::to_string(ENOENT)));
}

TEST_CASE("kept files: folders are listed and read") {
  const Place place;
  const std::string listed = after({{place / "in"}, {}}, [&] {
    const auto names = Env::real().list_dir(place / "in");
    const auto info = Env::real().stat(place / "in/a");
    const auto link = Env::real().lstat(place / "in/a");
    return std::to_string(names.ok() ? names->size() : 0) +
           (info.ok() && info->is_file() && link.ok() ? " file" : " none");
  });
  CHECK(listed == "3 file");
}

TEST_CASE("kept files: a trusted path is checked as root") {
  const Place place;
  const std::string opened = after({{place / "named", place / "in"}, {}}, [&] {
    const auto good = open_trusted(place / "named", Trust::of_process(), PathKind::file);
    const auto folder = open_trusted(place / "in", Trust::of_process(), PathKind::folder);
    return std::string(good.ok() ? "file" : "none") + (folder.ok() ? " folder" : " none");
  });
  CHECK(opened == "file folder");
}

TEST_CASE("kept files: the named output is replaced, and no other") {
  const Place place;
  const PrivilegedFiles files{{}, place / "out/file"};
  const std::string done = after(files, [&] {
    Env& env = Env::real();
    const Status one = replace_kept(env, place / "out/file", "first", Readers::all);
    const Status two = replace_kept(env, place / "out/file", "second", Readers::all);
    const Status other = replace_kept(env, place / "out/other", "x", Readers::all);
    return std::string(one.ok() && two.ok() ? "replaced" : "failed") +
           (other.ok() ? " other" : " alone");
  });
  CHECK(done == (geteuid() == 0 ? "replaced alone" : "replaced other"));
  CHECK(read(place / "out/file") == "second");
  struct stat info {};
  REQUIRE(stat((place / "out/file").c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0644);
  CHECK(info.st_uid == geteuid());
}

TEST_CASE("kept files: without that process the kernel's permissions apply") {
  CHECK(open_kept("/etc/passwd").status().sys_errno() == EACCES);
}
