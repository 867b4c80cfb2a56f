// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace socbridge {

// A user of this machine as in /etc/passwd. Name services are not queried: the executables are
// static, and service users are local.
struct User {
  std::string name;  // empty if /etc/passwd does not have the uid
  uid_t uid = 0;
  gid_t gid = 0;  // primary group
};

// The content of /etc/passwd at construction, for several lookups. Empty if it cannot be read or is
// larger than 64 MiB.
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
// The effective user and group of this process.
User effective_user();

// For messages: the name, or "user 1234" and "group 1234" if there is none.
std::string user_label(uid_t uid);
std::string group_label(gid_t gid);

// Changes the user of the process permanently: supplementary groups of /etc/group, primary group,
// user ID (real, effective and saved), then checks that the old user cannot be restored. Success
// without effect if the process is that user already. Errors (failure): not root, or the kernel
// refuses. The process stays undumpable. Call it before threads are started.
Status become_user(const User& user);

// Runs `work` in a child process that has become `user`, and returns its result. For reading files
// that another user may have prepared, without changing the user of this process. In the child only
// `work` and its callees run: no destructors of static objects, no flushing. Errors (failure): the
// child cannot become the user, it died, or it returned more than `max_bytes`. Blocks until the
// child ends.
Result<std::string> run_as_user(const User& user, std::size_t max_bytes,
                                const std::function<std::string()>& work);

}  // namespace socbridge
