// SPDX-License-Identifier: Apache-2.0
#include "base/trusted_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <system_error>

#include "base/privileged_files.h"
#include "base/privileges.h"
#include "base/shell_word.h"
#include "base/text.h"

namespace socbridge {
namespace {

constexpr int kMostLinks = 40;  // the kernel's limit
constexpr std::size_t kShown = 300;

Status distrust(const std::string& what, std::string hint) {
  Status status = Status::error(ExitCode::usage, what, std::move(hint));
  status.with_errno(EPERM);
  return status;
}

Status failed(const char* what, const std::string& path, int error) {
  Status status = Status::error(ExitCode::failure, std::string("cannot ") + what + " " +
                                                       printable(path, kShown) + ": " +
                                                       std::generic_category().message(error));
  status.with_errno(error);
  return status;
}

std::string names_of(const Trust& trust) {
  std::string text = "root";
  for (const uid_t uid : trust.users) {
    if (uid != 0) text += " or " + user_label(uid);
  }
  return text;
}

// Follows one path from the root folder and checks each component before the next.
class Walk {
 public:
  Walk(const Trust& trust, PathKind kind) : trust_(trust), kind_(kind) {}

  Status go(const std::string& path) {
    if (Status started = start(path); !started.ok()) return started;
    while (!left_.empty()) {
      std::string name = std::move(left_.front());
      left_.pop_front();
      if (name.empty() || name == ".") continue;
      if (Status entered = enter(name); !entered.ok()) return entered;
    }
    return end();
  }

  // Opens the last component for reading.
  Result<Fd> open() const {
    constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const bool root = last_name_.empty();
    Fd fd(root ? ::open("/", kFlags)
               : ::openat(parent_.get(), last_name_.c_str(),
                          kind_ == PathKind::folder ? kFlags | O_DIRECTORY : kFlags));
    if (!fd.valid()) return failed("open", shown_, errno);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return failed("stat", shown_, errno);
    if (Status fit = check_last(info); !fit.ok()) return fit;
    return fd;
  }

 private:
  Status start(const std::string& path) {
    std::string full = path;
    if (!path.starts_with('/')) {
      std::array<char, PATH_MAX> here{};
      if (::getcwd(here.data(), here.size()) == nullptr) {
        return failed("find the working directory for", path, errno);
      }
      full = std::string(here.data()) + "/" + path;
    }
    prepend(full);
    return to_root();
  }

  Status to_root() {
    current_ = Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!current_.valid()) return failed("open", "/", errno);
    parent_ = Fd();
    last_name_.clear();
    shown_ = "/";
    return look();
  }

  void prepend(std::string_view path) {
    std::deque<std::string> names;
    for (const std::string_view name : split(path, '/')) names.emplace_back(name);
    left_.insert(left_.begin(), names.begin(), names.end());
  }

  Status look() {
    if (::fstat(current_.get(), &info_) != 0) return failed("stat", shown_, errno);
    return S_ISDIR(info_.st_mode) ? check_folder() : check_owner(info_);
  }

  Status enter(const std::string& name) {
    if (!S_ISDIR(info_.st_mode)) return failed("open", shown_ + "/" + name, ENOTDIR);
    const std::string full = (shown_ == "/" ? "" : shown_) + "/" + name;
    Fd next(::openat(current_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) return failed("open", full, errno);
    struct stat info {};
    if (::fstat(next.get(), &info) != 0) return failed("stat", full, errno);
    if (S_ISLNK(info.st_mode)) return follow(next, info, full);
    parent_ = std::move(current_);
    current_ = std::move(next);
    last_name_ = name;
    shown_ = name == ".." ? up(shown_) : full;
    info_ = info;
    return S_ISDIR(info_.st_mode) ? check_folder() : check_owner(info_);
  }

  static std::string up(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  }

  Status follow(const Fd& link, const struct stat& info, const std::string& full) {
    const bool of_root = trust_.links == Trust::Links::of_root;
    if (of_root ? info.st_uid != 0 : !trust_.has_user(info.st_uid)) {
      return distrust(printable(full, kShown) + " is a link of " + user_label(info.st_uid) +
                          ", not of " + (of_root ? std::string("root") : names_of(trust_)),
                      "remove it or replace it as root");
    }
    if (++links_ > kMostLinks) return failed("open", full, ELOOP);
    std::array<char, PATH_MAX> target{};
    const ssize_t n = ::readlinkat(link.get(), "", target.data(), target.size());
    if (n < 0) return failed("read the link", full, errno);
    if (static_cast<std::size_t>(n) == target.size()) return failed("open", full, ENAMETOOLONG);
    const std::string_view to(target.data(), static_cast<std::size_t>(n));
    prepend(to);
    return to.starts_with('/') ? to_root() : Status();
  }

  // Not chown or chmod: the owner and mode of a folder may be required, as for a home or Wazuh's
  // etc/.
  static std::string elsewhere() {
    return "put it where no other user may write, such as a folder of root's in /etc";
  }

  Status check_owner(const struct stat& info) const {
    if (trust_.has_user(info.st_uid)) return {};
    return distrust(printable(shown_, kShown) + " belongs to " + user_label(info.st_uid) +
                        ", not to " + names_of(trust_),
                    S_ISDIR(info.st_mode) ? elsewhere() : "run chown root " + shell_word(shown_));
  }

  Status check_writers(const struct stat& info) const {
    const std::string name = printable(shown_, kShown);
    if ((info.st_mode & S_IWOTH) != 0) {
      return distrust(name + " may be written by any user", "run chmod o-w " + shell_word(shown_));
    }
    if ((info.st_mode & S_IWGRP) != 0 && !trust_.has_group(info.st_gid)) {
      return distrust(name + " may be written by the group " + group_label(info.st_gid),
                      S_ISDIR(info.st_mode) ? elsewhere() : "run chmod g-w " + shell_word(shown_));
    }
    return {};
  }

  // For a component on the way: in a sticky folder only the owner of an entry can replace it.
  Status check_folder() const {
    if (Status owner = check_owner(info_); !owner.ok()) return owner;
    const bool on_the_way = std::any_of(left_.begin(), left_.end(), [](const std::string& name) {
      return !name.empty() && name != ".";
    });
    if (on_the_way && (info_.st_mode & S_ISVTX) != 0) return {};
    return check_writers(info_);
  }

  Status check_last(const struct stat& info) const {
    if (kind_ == PathKind::folder && !S_ISDIR(info.st_mode)) {
      return distrust(printable(shown_, kShown) + " is not a folder", "");
    }
    if (kind_ == PathKind::file && !S_ISREG(info.st_mode)) {
      return distrust(printable(shown_, kShown) + " is not a regular file", "");
    }
    if (Status owner = check_owner(info); !owner.ok()) return owner;
    return check_writers(info);
  }

  Status end() const { return check_last(info_); }

  const Trust& trust_;
  PathKind kind_;
  std::deque<std::string> left_;
  Fd parent_, current_;
  struct stat info_ {};
  std::string last_name_, shown_;
  int links_ = 0;
};

}  // namespace

bool Trust::has_user(uid_t uid) const {
  return uid == 0 || std::find(users.begin(), users.end(), uid) != users.end();
}

bool Trust::has_group(gid_t gid) const {
  return gid == 0 || std::find(groups.begin(), groups.end(), gid) != groups.end();
}

Trust Trust::of_process() {
  Trust trust;
  const uid_t uid = ::geteuid();
  trust.users.push_back(uid);
  if (::getegid() == uid) trust.groups.push_back(uid);
  return trust;
}

Result<Fd> open_trusted(const std::string& path, const Trust& trust, PathKind kind) {
  Walk walk(trust, kind);
  const Status trusted = walk.go(path);
  auto fd = trusted.ok() ? walk.open() : Result<Fd>(trusted);
  if (fd.status().sys_errno() != EACCES) return fd;
  auto kept = open_kept_trusted(path, kind);
  return kept.ok() || kept.status().sys_errno() == ENOENT ? std::move(kept) : std::move(fd);
}

Status check_trusted(const std::string& path, const Trust& trust, PathKind kind) {
  Status trusted = Walk(trust, kind).go(path);
  if (trusted.sys_errno() == EACCES && open_kept_trusted(path, kind).ok()) return {};
  return trusted;
}

bool is_distrust(const Status& status) {
  return status.code() == ExitCode::usage && status.sys_errno() == EPERM;
}

}  // namespace socbridge
