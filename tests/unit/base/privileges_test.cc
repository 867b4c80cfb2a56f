// SPDX-License-Identifier: Apache-2.0
#include "base/privileges.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace socbridge;

namespace {

// A user to which this process can switch: `nobody` as root, else its own.
User another() {
  if (geteuid() == 0) return find_user("nobody").value();
  return effective_user();
}

}  // namespace

TEST_CASE("privileges: users are found by name and by number") {
  const auto root = find_user("root");
  REQUIRE(root);
  CHECK(root->uid == 0);
  CHECK(root->gid == 0);
  CHECK(find_user(uid_t{0})->name == "root");
  CHECK_FALSE(find_user("no-such-user"));
  CHECK_FALSE(find_user(uid_t{3999999999}));
  CHECK(user_label(0) == "root");
  CHECK(user_label(3999999999) == "user 3999999999");
  CHECK(group_label(0) == "root");
  CHECK(group_label(3999999999) == "group 3999999999");
  CHECK(effective_user().uid == geteuid());
}

TEST_CASE("privileges: invalid lines of /etc/passwd are skipped") {
  const Users users(
      "# soc:x:1:1::/:/bin/sh\n\n+soc:x:2:2::/:/bin/sh\n-soc:x:3:3::/:/bin/sh\nsoc\nsoc:x:4\n"
      "soc:x::5::/:/bin/sh\nsoc:x:-6:6::/:/bin/sh\nsoc:x:4294967296:7::/:/bin/sh\n"
      "other:x:8:soc::/:/bin/sh\nsoc:x:9:10:SOC, room "
      "1:/:/bin/sh\nsoc:x:11:11::/:/bin/sh\nlast:x:12:13:");
  REQUIRE(users.find("soc"));
  CHECK(users.find("soc")->uid == 9);
  CHECK(users.find("soc")->gid == 10);
  CHECK(users.find(uid_t{11})->name == "soc");
  CHECK(users.find("last")->gid == 13);
  CHECK_FALSE(users.find("+soc"));
  CHECK_FALSE(users.find("other"));
  CHECK_FALSE(users.find(""));
  CHECK_FALSE(Users(std::string()).find(uid_t{0}));
}

TEST_CASE("privileges: a child that switched to another user cannot switch back") {
  const User user = another();
  const auto said = run_as_user(user, 1000, [] {
    uid_t uid[3];
    gid_t gid[3];
    if (getresuid(&uid[0], &uid[1], &uid[2]) != 0 || getresgid(&gid[0], &gid[1], &gid[2]) != 0)
      return std::string();
    std::string text;
    for (const uid_t one : uid) text += std::to_string(one) + " ";
    for (const gid_t one : gid) text += std::to_string(one) + " ";
    text += setuid(0) == 0 ? "again root" : "no way back";
    text += " " + std::to_string(prctl(PR_GET_DUMPABLE));
    return text;
  });
  REQUIRE(said.ok());
  const std::string u = std::to_string(user.uid) + " ";
  const std::string g = std::to_string(user.gid) + " ";
  CHECK(*said == u + u + u + g + g + g + "no way back" + (geteuid() == 0 ? " 0" : " 1"));
}

TEST_CASE("privileges: only root switches to another user") {
  const auto said = run_as_user(another(), 1000, [] {
    const Status root = become_user({"root", 0, 0});
    const Status self = become_user(effective_user());
    return root.message() + "|" + (self.ok() ? "self" : self.message());
  });
  REQUIRE(said.ok());
  CHECK(*said == "cannot become root: Operation not permitted|self");
}

TEST_CASE("privileges: the groups are the new user's alone") {
  const auto said = run_as_user(another(), 1000, [] {
    const int count = getgroups(0, nullptr);
    return std::to_string(count);
  });
  REQUIRE(said.ok());
  CHECK(*said == std::to_string(geteuid() == 0 ? 1 : getgroups(0, nullptr)));
}

TEST_CASE("privileges: a child that dies or talks too much is an error") {
  const User user = effective_user();
  CHECK_FALSE(run_as_user(user, 10, [] { return std::string(11, 'x'); }).ok());
  CHECK(run_as_user(user, 11, [] { return std::string(11, 'x'); }).ok());
  CHECK(run_as_user(user, 1 << 20, [] { return std::string(1 << 20, 'x'); }).ok());
  CHECK_FALSE(run_as_user(user, 10, []() -> std::string { _exit(0); }).ok());
  CHECK_FALSE(run_as_user(user, 10, []() -> std::string { throw std::runtime_error("x"); }).ok());
}
