// SPDX-License-Identifier: Apache-2.0
#include "wazuh/home_access.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::wazuh {
namespace {

constexpr uid_t kStranger = 54321;  // without a name

// A home that is like one of an installer, without a user of Wazuh's.
struct Fixture : socbridge::test::TempDir {
  Fixture() {
    for (const char* name : {"etc", "logs", "queue"}) folder(name);
  }
  void give(const std::string& name, uid_t uid) const {
    REQUIRE(::chown((*this / name).c_str(), uid, uid) == 0);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "without a home there is no user of it, and no error") {
  CHECK_FALSE(home_user(Env::real(), *this / "none"));
  CHECK(check_home(Env::real(), *this / "none").ok());
  CHECK(check_home(Env::real(), *this / "none/deeper").ok());
  CHECK(enter_home(Env::real(), *this / "none").ok());
  CHECK(::geteuid() == ::getuid());
}

TEST_CASE_METHOD(Fixture, "a home of the process's user may be used") {
  CHECK(check_home(Env::real(), path()).ok());
}

TEST_CASE_METHOD(Fixture, "a home that others may write is refused, with the cure") {
  for (const mode_t mode : {0777U, 0772U}) {
    REQUIRE(::chmod(path().c_str(), mode) == 0);
    const Status refused = check_home(Env::real(), path());
    CHECK(refused.code() == ExitCode::usage);
    CHECK_THAT(refused.message(),
               Catch::StartsWith("the Wazuh home " + path() + " is not safe to use: "));
    CHECK(is_distrust(refused));
    CHECK_THAT(refused.hint(), Catch::EndsWith(", or run this as its owner"));
    REQUIRE(::chmod(path().c_str(), 0700) == 0);
  }
}

TEST_CASE_METHOD(Fixture, "a file in place of the home is not a home") {
  write("file", "x");
  CHECK_FALSE(check_home(Env::real(), *this / "file").ok());
}

TEST_CASE_METHOD(Fixture, "a home that the user may not enter is named, with the users who may") {
  const auto line_for = [](const User& user, const std::string& home) {
    return *run_as_user(user, 1000, [&] { return may_enter(Env::real(), home).line(); });
  };
  const User stranger = ::geteuid() == 0 ? User{{}, kStranger, kStranger} : effective_user();
  REQUIRE(::chmod(path().c_str(), 0755) == 0);
  REQUIRE(::chmod((*this / "etc").c_str(), 0755) == 0);
  CHECK(line_for(stranger, path()).empty());
  CHECK(line_for(stranger, *this / "none").empty());
  if (::geteuid() == 0) give("queue", kStranger + 1);
  REQUIRE(::chmod(path().c_str(), 0600) == 0);
  CHECK_THAT(line_for(stranger, path()),
             Catch::Contains("may not enter the Wazuh home " + path() + "; run this as root"));
  CHECK(may_enter(Env::real(), path()).ok() == (::geteuid() == 0));
}

TEST_CASE_METHOD(Fixture, "the closed folder is named if it is not the home itself") {
  if (::geteuid() != 0) SKIP_TEST("only root becomes another user");
  const auto line_for = [](const std::string& home) {
    return *run_as_user({{}, kStranger, kStranger}, 1000,
                        [&] { return may_enter(Env::real(), home).line(); });
  };
  REQUIRE(::chmod(path().c_str(), 0755) == 0);
  for (const char* name : {"above", "above/home", "above/home/etc"}) folder(name, 0755);
  CHECK(line_for(*this / "above/home").empty());
  REQUIRE(::chmod((*this / "above/home/etc").c_str(), 0750) == 0);
  CHECK_THAT(line_for(*this / "above/home"),
             Catch::Contains("may not enter the Wazuh home " + (*this / "above/home") + ": " +
                             (*this / "above/home/etc") + " is closed; run this as root"));
  REQUIRE(::chmod((*this / "above").c_str(), 0750) == 0);
  CHECK_THAT(line_for(*this / "above/home"),
             Catch::Contains(": " + (*this / "above") + " is closed; run this as root"));
}

TEST_CASE_METHOD(Fixture,
                 "in a home of root's the owner of its data works there, the first of them") {
  if (::geteuid() != 0) SKIP_TEST("only root gives files away");
  CHECK(home_user(Env::real(), path())->uid == 0);
  give("queue", kStranger + 2);
  CHECK(home_user(Env::real(), path())->uid == kStranger + 2);
  give("logs", kStranger + 1);
  CHECK(home_user(Env::real(), path())->uid == kStranger + 1);
  give("etc", kStranger);
  const auto user = home_user(Env::real(), path());
  REQUIRE(user);
  CHECK(user->uid == kStranger);
  CHECK(user->gid == kStranger);
  CHECK(user->name.empty());
}

TEST_CASE_METHOD(Fixture, "a home created by its user is not trusted") {
  if (::geteuid() != 0) SKIP_TEST("only root gives files away");
  give("etc", kStranger);
  give("", kStranger);
  CHECK(home_user(Env::real(), path())->uid == 0);
  const Status refused = check_home(Env::real(), path());
  CHECK(refused.code() == ExitCode::usage);
  CHECK_FALSE(enter_home(Env::real(), path()).ok());
  CHECK(::geteuid() == 0);
}

TEST_CASE_METHOD(Fixture, "trusted are root, this process and the user of the home") {
  if (::geteuid() != 0) SKIP_TEST("only root gives files away");
  CHECK_FALSE(home_trust(Env::real(), path()).has_user(kStranger));
  give("etc", kStranger);
  const Trust trust = home_trust(Env::real(), path());
  CHECK(trust.has_user(0));
  CHECK(trust.has_user(kStranger));
  CHECK(trust.has_group(kStranger));
  CHECK_FALSE(trust.has_user(kStranger + 1));
}

}  // namespace socbridge::wazuh
