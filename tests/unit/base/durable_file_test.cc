// SPDX-License-Identifier: Apache-2.0
#include "base/durable_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cerrno>

#include "support/fault_env.h"
#include "support/temp_dir.h"

using namespace socbridge;

TEST_CASE("durable file: the folder of a path") {
  CHECK(folder_of("state") == ".");
  CHECK(folder_of("/state") == "/");
  CHECK(folder_of("a/b/state") == "a/b");
}

TEST_CASE("a file that is replaced is the old one or the new one, whatever fails and when") {
  constexpr std::size_t kMost = 100;
  for (int at = 0; at <= 8; ++at) {
    for (const bool names_survive : {false, true}) {
      FaultEnv env;
      REQUIRE(env.mkdir("/s", 0700).ok());
      REQUIRE(replace_durably(env, "/s/state", "old").ok());
      env.reset();
      env.fail_at = at;
      const Status replaced = replace_durably(env, "/s/state", "new");
      env.fail_at = 0;
      env.crash(names_survive, true);
      const auto now = env.read_file("/s/state", kMost);
      REQUIRE(now.ok());
      CHECK((*now == "new" || (!replaced.ok() && *now == "old")));
      // What a crash left beside it does no harm.
      CHECK(replace_durably(env, "/s/state", "newer").ok());
      CHECK(env.read_file("/s/state", kMost).value() == "newer");
    }
  }
}

TEST_CASE("a file that is replaced durably has mode 0600, whatever the umask and the old one") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string file = folder.write("state", "old");
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  const mode_t umask = ::umask(0);
  CHECK(replace_durably(env, file, "new").ok());
  ::umask(umask);
  CHECK(folder.read("state") == "new");
  CHECK((env.stat(file)->mode & 07777U) == 0600);
}

TEST_CASE("a link to a file is replaced durably, and what it leads to stays") {
  Env& env = Env::real();
  const test::TempDir folder;
  folder.write("target", "old");
  const std::string link = folder / "link";
  REQUIRE(::symlink("target", link.c_str()) == 0);
  CHECK(replace_durably(env, link, "new").ok());
  CHECK(folder.read("target") == "old");
  CHECK(folder.read("link") == "new");
  CHECK(env.lstat(link)->is_file());
}

TEST_CASE("a link that a killed writer's name stands for is not written through") {
  Env& env = Env::real();
  const test::TempDir folder;
  folder.write("target", "old");
  REQUIRE(::symlink("target", (folder / "state.new").c_str()) == 0);
  CHECK(replace_durably(env, folder / "state", "new").ok());
  CHECK(folder.read("target") == "old");
  CHECK(folder.read("state") == "new");
  CHECK_FALSE(folder.has("state.new"));
}

TEST_CASE("a replacement that fails leaves no file beside the old one and says why") {
  for (int at = 1;; ++at) {
    FaultEnv env;
    REQUIRE(env.mkdir("/s", 0700).ok());
    REQUIRE(replace_durably(env, "/s/state", "old").ok());
    env.reset();
    env.fail_at = at;
    const Status replaced = replace_for_readers(env, "/s/state", "new", Readers::all);
    if (env.calls < at) break;
    INFO(env.trace.at(static_cast<std::size_t>(at) - 1));
    CHECK(env.names("/s") == std::vector<std::string>{"state"});
    CHECK(env.content("/s/state") == (replaced.ok() ? "new" : "old"));
    if (!replaced.ok()) CHECK(replaced.sys_errno() == env.fail_errno);
  }
}

TEST_CASE("a file for readers takes the place of the old one and of what a killed writer left") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string& dir = folder.path();
  const std::string left = dir + "/x.prom." + std::to_string(::getpid()) + ".new";
  REQUIRE(env.create_new(left, 0600).ok());
  const mode_t umask = ::umask(077);
  REQUIRE(replace_for_readers(env, dir + "/x.prom", "one", Readers::all).ok());
  CHECK(replace_for_readers(env, dir + "/x.html", "two", Readers::by_umask).ok());
  ::umask(umask);
  CHECK(*env.read_file(dir + "/x.prom", 10) == "one");
  CHECK_FALSE(env.stat(left).ok());
  struct stat info {};
  REQUIRE(::stat((dir + "/x.prom").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0644);
  REQUIRE(::stat((dir + "/x.html").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK_FALSE(replace_for_readers(env, dir + "/no/x", "one", Readers::all).ok());
}

TEST_CASE("only a file is replaced, and never a device or what a link to one leads to") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string pipe = folder.path() + "/pipe", link = folder.path() + "/link";
  const std::string dangling = folder.path() + "/dangling";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  REQUIRE(::symlink("/dev/null", link.c_str()) == 0);
  REQUIRE(::symlink("nowhere", dangling.c_str()) == 0);
  for (const std::string& path : {pipe, link, folder.path()}) {
    CAPTURE(path);
    const Status shown = replace_for_readers(env, path, "one", Readers::all);
    CHECK(shown.code() == ExitCode::usage);
    CHECK(shown.sys_errno() == EINVAL);
    CHECK(replace_durably(env, path, "one").code() == ExitCode::usage);
  }
  struct stat info {};
  REQUIRE(::lstat(pipe.c_str(), &info) == 0);
  CHECK(S_ISFIFO(info.st_mode));
  REQUIRE(::lstat(link.c_str(), &info) == 0);
  CHECK(S_ISLNK(info.st_mode));
  CHECK(replace_for_readers(env, dangling, "one", Readers::all).ok());
}

TEST_CASE("a link of the system is never replaced, whatever it leads to") {
  Env& env = Env::real();
  struct stat info {};
  if (::lstat("/proc/self/exe", &info) != 0) return;
  const Status link = replace_for_readers(env, "/proc/self/exe", "one", Readers::all);
  CHECK(link.message() == "/proc/self/exe is a link");
  CHECK(link.hint() == "name its target");
}

TEST_CASE("an output is checked before anything is gathered for it") {
  Env& env = Env::real();
  const test::TempDir folder;
  const std::string& dir = folder.path();
  folder.write("file", "x");
  REQUIRE(::symlink("file", (dir + "/link").c_str()) == 0);
  REQUIRE(::symlink("nowhere", (dir + "/dangling").c_str()) == 0);
  CHECK(check_output(env, dir + "/new").ok());
  CHECK(check_output(env, dir + "/file").ok());
  const auto said = [&](const std::string& path) {
    const Status bad = check_output(env, path);
    CHECK(bad.code() == ExitCode::usage);
    return bad.line();
  };
  const std::string link = " is a link; name its target, or - for standard output";
  CHECK(said(dir + "/link") == dir + "/link" + link);
  CHECK(said(dir + "/dangling") == dir + "/dangling" + link);
  CHECK(said(dir + "/no/x.prom") ==
        "the folder " + dir + "/no does not exist; create it, or name a file in another folder");
  CHECK(said(dir + "/") == dir + "/ is a folder, not a file; name a file in it");
  CHECK(said(dir) == dir + " is a folder, not a file; name a file, or a path that does not exist");
  CHECK(said(dir + "/file/x") == dir + "/file is a file, not a folder; name a file in a folder");
}

TEST_CASE("standard output is an output; a pipe, and a folder that cannot be seen, are none") {
  Env& env = Env::real();
  const test::TempDir folder;
  CHECK(check_output(env, "-").ok());
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const Status pipe = check_output(env, folder / "pipe");
  CHECK(pipe.code() == ExitCode::usage);
  CHECK(pipe.message() == (folder / "pipe") + " is a FIFO, not a file");
  FaultEnv closed;
  closed.fail_at = 1;
  closed.fail_errno = EACCES;
  CHECK(check_output(closed, "/s/state").sys_errno() == EACCES);
}
