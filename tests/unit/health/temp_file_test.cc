// SPDX-License-Identifier: Apache-2.0
#include "health/temp_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <set>

#include "support/fault_env.h"

namespace socbridge::health {
namespace {

// A file system in memory with /tmp, of which the call with this number fails.
struct Memory {
  explicit Memory(int failing = 0, int error = ENOSPC) {
    REQUIRE(env.mkdir("/tmp", 0700).ok());
    env.reset();
    env.fail_at = failing;
    env.fail_errno = error;
  }
  auto calls(const std::string& call) const {
    return std::count(env.trace.begin(), env.trace.end(), call);
  }
  FaultEnv env;
};

// Gives it to this process's user: descriptors of the file system in memory are not files.
Result<TempFile> make(Env& env) {
  return TempFile::make(env, "key", "s3cret", ::geteuid(), ::getegid());
}

}  // namespace

TEST_CASE("temporary file: one user alone can read it, and it goes with the object") {
  std::string path;
  {
    const auto file = make(Env::real());
    REQUIRE(file.ok());
    path = file->path();
    CHECK(path.starts_with("/tmp/custom-w2thive-"));
    CHECK(path.ends_with(".key"));
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
    CHECK(info.st_uid == ::geteuid());
    CHECK(Env::real().read_file(path, 100).value() == "s3cret");
  }
  CHECK_FALSE(Env::real().stat(path).ok());
}

TEST_CASE("temporary file: as root it is given to the user who is to read it") {
  constexpr uid_t kUser = 65534;
  const auto file = TempFile::make(Env::real(), "key", "x", kUser, kUser);
  REQUIRE(file.ok());
  const FileInfo info = Env::real().stat(file->path()).value();
  CHECK(info.uid == (::geteuid() == 0 ? kUser : ::geteuid()));
  CHECK((info.mode & 07777) == 0600);
}

TEST_CASE("temporary file: a moved one is removed once, by its last owner") {
  Memory memory;
  {
    auto first = make(memory.env);
    REQUIRE(first.ok());
    const std::string path = first->path();
    {
      const TempFile second = std::move(*first);
      CHECK(second.path() == path);
      CHECK(memory.env.names("/tmp").size() == 1);
    }
    CHECK(memory.env.names("/tmp").empty());
  }
  CHECK(memory.calls("unlink") == 1);
}

TEST_CASE("temporary file: a secret that could not be written whole is not left behind") {
  Memory memory(2);  // the write
  const auto file = make(memory.env);
  REQUIRE_FALSE(file.ok());
  CHECK(file.status().sys_errno() == ENOSPC);
  CHECK(memory.env.names("/tmp").empty());
}

TEST_CASE("temporary file: what another made under that name is not removed") {
  for (const int error : {EEXIST, EACCES}) {
    Memory memory(1, error);  // the creation
    const auto file = make(memory.env);
    REQUIRE_FALSE(file.ok());
    CHECK(file.status().sys_errno() == error);
    CHECK(memory.calls("unlink") == 0);
  }
}

TEST_CASE("temporary file: its name cannot be foreseen") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string nonce = make_nonce();
    CHECK(nonce.find_first_not_of("0123456789") == std::string::npos);
    CHECK_FALSE(nonce.empty());
    seen.insert(nonce);
  }
  CHECK(seen.size() > 98);
}

}  // namespace socbridge::health
