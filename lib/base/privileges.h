// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge {

// A user of this machine as /etc/passwd has it. Name services are not asked: the executables are
// static, and service users are local.
struct User {
  std::string name;  // empty if /etc/passwd does not have the number
  uid_t uid = 0;
  gid_t gid = 0;  // primary group
};

// /etc/passwd as it is when this is made: one reading for several questions. Empty if it cannot be
// read or has more than 64 MiB.
class Users {
 public:
  Users();
  explicit Users(std::string text) : text_(std::move(text)) {}
  std::optional<User> find(std::string_view name) const;
  std::optional<User> find(uid_t uid) const;

 private:
  std::string text_;
};

std::optional<User> find_user(std::string_view name);
std::optional<User> find_user(uid_t uid);
// Who this process acts as: effective user and group.
User effective_user();

// For messages: the name, or "user 1234" and "group 1234" if there is none.
std::string user_label(uid_t uid);
std::string group_label(gid_t gid);

// Makes the process that user for good: supplementary groups of /etc/group, primary group, user ID
// (real, effective and saved), then checks that there is no way back. Success without effect if the
// process is that user already. Errors (failure): not root, or the kernel refuses. The process
// stays undumpable. Call it before threads are started.
Status become_user(const User& user);

// Runs `work` in a child process that has become `user`, and gives what it returned. For reading
// what another user may have prepared, without changing the user of this process. In the child only
// what `work` calls happens: no destructors of static objects, no flushing. Errors (failure): the
// user cannot be taken on, the child died, or it gave more than `max_bytes`. Blocks until the child
// ends.
Result<std::string> run_as_user(const User& user, std::size_t max_bytes,
                                const std::function<std::string()>& work);

}  // namespace socbridge
