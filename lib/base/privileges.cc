// SPDX-License-Identifier: Apache-2.0
#include "base/privileges.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <system_error>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/text.h"

namespace socbridge {
namespace {

constexpr std::size_t kLineBytes = 16384;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr std::size_t kMaxPasswdBytes = std::size_t{64} << 20;

// Takes the text before the next colon, and the colon. False if there is none.
bool take_field(std::string_view& line, std::string_view& field) {
  const std::size_t end = line.find(':');
  if (end == std::string_view::npos) return false;
  field = line.substr(0, end);
  line.remove_prefix(end + 1);
  return true;
}

template <typename Id>
bool to_id(std::string_view text, Id& id) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size();
}

// name:password:uid:gid:...; empty for comments and entries of name services (+, -).
std::optional<User> user_of_line(std::string_view line) {
  std::string_view name, password, uid, gid;
  if (line.empty() || line.front() == '#' || line.front() == '+' || line.front() == '-') return {};
  if (!take_field(line, name) || !take_field(line, password) || !take_field(line, uid) ||
      !take_field(line, gid)) {
    return {};
  }
  User user;
  if (!to_id(uid, user.uid) || !to_id(gid, user.gid)) return {};
  user.name = name;
  return user;
}

template <typename Wanted>
std::optional<User> search(std::string_view text, const Wanted& wanted) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto user = wanted(text.substr(0, end))) {
      user->name = printable(user->name, 64);
      return user;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

void visit_groups(const std::function<void(const group&)>& visit) {
  const File file(std::fopen("/etc/group", "re"));
  if (!file) return;
  std::vector<char> buffer(kLineBytes);
  constexpr std::size_t kMost = std::size_t{1} << 20;  // groups with thousands of members
  group entry{};
  group* found = nullptr;
  while (true) {
    const int error = ::fgetgrent_r(file.get(), &entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE && buffer.size() < kMost) {
      buffer.resize(buffer.size() * 2);  // glibc repeats the line from its start
      continue;
    }
    if (error != 0) return;
    visit(entry);
  }
}

std::vector<gid_t> groups_of(const User& user) {
  std::vector<gid_t> groups = {user.gid};
  if (user.name.empty()) return groups;
  visit_groups([&](const group& entry) {
    for (char** member = entry.gr_mem; *member != nullptr; ++member) {
      if (user.name == *member && entry.gr_gid != user.gid) groups.push_back(entry.gr_gid);
    }
  });
  return groups;
}

Status not_become(const User& user, int error) {
  Status status = Status::error(
      ExitCode::failure,
      "cannot become " + user_label(user.uid) + ": " + std::generic_category().message(error),
      "run this as root or as that user");
  status.with_errno(error);
  return status;
}

bool is_for_good(const User& user) {
  uid_t real = 0, effective = 0, saved = 0;
  gid_t real_group = 0, effective_group = 0, saved_group = 0;
  if (::getresuid(&real, &effective, &saved) != 0) return false;
  if (::getresgid(&real_group, &effective_group, &saved_group) != 0) return false;
  return real == user.uid && effective == user.uid && saved == user.uid && real_group == user.gid &&
         effective_group == user.gid && saved_group == user.gid &&
         (user.uid == 0 || ::setuid(0) != 0);
}

// Reads to the end of input; false if it has more than max_bytes.
bool read_to_end(int fd, std::size_t max_bytes, std::string& out) {
  std::array<char, 4096> buffer{};
  bool fits = true;
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const auto got = static_cast<std::size_t>(n);
    fits = fits && out.size() + got <= max_bytes;
    if (fits) out.append(buffer.data(), got);
  }
  secure_wipe(buffer.data(), buffer.size());
  return fits;
}

constexpr int kDone = 10;  // not 0: `work` may itself end the child
constexpr int kNoUser = 1;
constexpr int kFailed = 2;

[[noreturn]] void work_in_child(const User& user, int fd,
                                const std::function<std::string()>& work) {
  if (!become_user(user).ok()) ::_exit(kNoUser);
  int code = kFailed;
  try {
    const std::string text = work();
    if (Env::real().write_all(fd, text).ok()) code = kDone;
  } catch (const std::exception&) {
    code = kFailed;
  }
  ::_exit(code);
}

}  // namespace

Users::Users() {
  auto text = Env::real().read_file("/etc/passwd", kMaxPasswdBytes);
  if (text.ok()) text_ = std::move(*text);
}

std::optional<User> Users::find(std::string_view name) const {
  return search(text_, [&](std::string_view line) -> std::optional<User> {
    if (!line.starts_with(name)) return {};  // most lines end here
    auto user = user_of_line(line);
    return user && user->name == name ? user : std::nullopt;
  });
}

std::optional<User> Users::find(uid_t uid) const {
  return search(text_, [&](std::string_view line) -> std::optional<User> {
    auto user = user_of_line(line);
    return user && user->uid == uid ? user : std::nullopt;
  });
}

std::optional<User> find_user(std::string_view name) { return Users().find(name); }

std::optional<User> find_user(uid_t uid) { return Users().find(uid); }

User effective_user() {
  User user = find_user(::geteuid()).value_or(User{});
  user.uid = ::geteuid();
  user.gid = ::getegid();
  return user;
}

std::string user_label(uid_t uid) {
  const auto user = find_user(uid);
  return user && !user->name.empty() ? user->name : "user " + std::to_string(uid);
}

std::string group_label(gid_t gid) {
  std::string name;
  visit_groups([&](const group& entry) {
    if (name.empty() && entry.gr_gid == gid) name = printable(entry.gr_name, 64);
  });
  return name.empty() ? "group " + std::to_string(gid) : name;
}

Status become_user(const User& user) {
  if (::geteuid() == user.uid && (user.uid == 0 || ::getuid() == user.uid)) return {};
  if (::geteuid() != 0) return not_become(user, EPERM);
  const std::vector<gid_t> groups = groups_of(user);
  if (::setgroups(groups.size(), groups.data()) != 0 ||
      ::setresgid(user.gid, user.gid, user.gid) != 0 ||
      ::setresuid(user.uid, user.uid, user.uid) != 0) {
    return not_become(user, errno);
  }
  disable_core_dumps();  // the kernel resets it when the user changes
  if (!is_for_good(user)) return not_become(user, EPERM);
  return {};
}

Result<std::string> run_as_user(const User& user, std::size_t max_bytes,
                                const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return not_become(user, errno);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return not_become(user, errno);
  if (child == 0) work_in_child(user, writing.get(), work);
  writing = Fd();
  std::string out;
  const bool fits = read_to_end(reading.get(), max_bytes, out);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kDone && fits) return out;
  secure_wipe(out.data(), out.size());
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoUser) return not_become(user, EPERM);
  return Status::error(ExitCode::failure,
                       "the child process of " + user_label(user.uid) + " ended abnormally");
}

}  // namespace socbridge
