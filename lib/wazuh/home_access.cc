// SPDX-License-Identifier: Apache-2.0
#include "wazuh/home_access.h"

#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

// Users of integratord since 4.3 and before, and the owner of its data before 4.3.
constexpr const char* kUsers[] = {"wazuh", "ossecm", "ossec"};

bool belongs_to(Env& env, const std::string& home, const User& user) {
  for (const char* folder : {"", "/etc", "/queue"}) {
    const auto info = env.stat(home + folder);
    if (info.ok() && (info->uid == user.uid || info->gid == user.gid)) return true;
  }
  return false;
}

// Only below a home that root owns: another owner could have set any file owners.
std::optional<User> owner_of_data(Env& env, const std::string& home, const Users& users) {
  if (const auto top = env.stat(home); !top.ok() || top->uid != 0) return std::nullopt;
  for (const char* folder : {"/etc", "/logs", "/queue"}) {
    const auto info = env.stat(home + folder);
    if (!info.ok() || info->uid == 0) continue;
    return users.find(info->uid).value_or(User{{}, info->uid, info->gid});
  }
  return std::nullopt;
}

bool is_own_home(Env& env, const std::string& home) {
  const auto etc = env.stat(home + "/etc");
  return ::geteuid() != 0 && etc.ok() && etc->uid == ::geteuid();
}

std::optional<User> user_of_home(Env& env, const std::string& home, const Users& users) {
  if (!env.stat(home).ok()) return std::nullopt;
  for (const char* name : kUsers) {
    auto user = users.find(name);
    if (user && belongs_to(env, home, *user)) return user;
  }
  if (auto owner = owner_of_data(env, home, users)) return owner;
  return users.find(uid_t{0}).value_or(User{"root", 0, 0});
}

Status check(Env& env, const std::string& home, const Users& users) {
  if (const auto there = env.stat(home); !there.ok() && there.status().sys_errno() == ENOENT) {
    return {};
  }
  Trust trust = Trust::of_process();
  for (const char* name : kUsers) {
    if (const auto user = users.find(name)) {
      trust.users.push_back(user->uid);
      trust.groups.push_back(user->gid);
    }
  }
  const Status trusted = check_trusted(home, trust, PathKind::folder);
  if (!is_distrust(trusted)) return trusted;
  Status unsafe = Status::error(
      ExitCode::usage,
      "the Wazuh home " + printable(home, 300) + " is not safe to use: " + trusted.message(),
      trusted.hint() + ", or run this as its owner");
  return unsafe.with_errno(trusted.sys_errno());  // is_distrust() holds for it too
}

// The first folder of the path that this process may not enter; empty: none, or a folder is
// missing.
std::string closed_folder(Env& env, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    std::string folder = path.substr(0, end);
    const auto inside = env.stat(folder + "/.");
    if (inside.status().sys_errno() == EACCES) return folder;
    if (!inside.ok() || end == std::string::npos) return {};
  }
}

}  // namespace

std::optional<User> home_user(Env& env, const std::string& home) {
  return user_of_home(env, home, Users());
}

Trust home_trust(Env& env, const std::string& home) {
  Trust trust = Trust::of_process();
  if (is_own_home(env, home)) {  // as run by integratord: /etc/passwd need not be read
    trust.groups.push_back(::getegid());
    return trust;
  }
  const Users users;
  const auto add = [&](const User& user) {
    trust.users.push_back(user.uid);
    trust.groups.push_back(user.gid);
  };
  if (const auto user = user_of_home(env, home, users)) add(*user);
  for (const char* name : kUsers) {
    const auto user = users.find(name);
    if (user && belongs_to(env, home, *user)) add(*user);
  }
  return trust;
}

Status check_home(Env& env, const std::string& home) { return check(env, home, Users()); }

Status may_enter(Env& env, const std::string& home) {
  const std::string closed = closed_folder(env, home + "/etc");
  if (closed.empty()) return {};
  const auto user = home_user(env, home);
  const bool of_other = user && user->uid != 0 && user->uid != ::geteuid();
  return Status::error(
      ExitCode::failure,
      user_label(::geteuid()) + " may not enter the Wazuh home " + printable(home, 300) +
          (closed == home ? "" : ": " + printable(closed, 300) + " is closed"),
      "run this as root" + (of_other ? " or as " + user_label(user->uid) : std::string()));
}

Status enter_home(Env& env, const std::string& home) {
  if (::geteuid() != 0) return {};
  const Users users;
  if (Status safe = check(env, home, users); !safe.ok()) return safe;
  const auto user = user_of_home(env, home, users);
  return user ? become_user(*user) : Status();
}

}  // namespace socbridge::wazuh
