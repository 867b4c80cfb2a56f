// SPDX-License-Identifier: Apache-2.0
#include "spool/call_failures.h"

#include <cerrno>
#include <utility>

#include "base/time.h"

namespace socbridge::spool {
namespace {

constexpr std::int64_t kQuietMs = 600000;
constexpr std::size_t kMaxUnreported = 100;

// Files of one folder are of one kind; a file of the spool's own folder is its own kind.
std::string kind_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return path;
  if (std::string_view(path).substr(0, slash).ends_with("/tmp")) return path.substr(0, slash + 1);
  const std::string_view name = std::string_view(path).substr(slash + 1);
  const std::size_t digit = name.find_first_of("0123456789");
  return path.substr(0, slash + 1) + std::string(name.substr(0, digit));
}

const char* cure(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return "run socctl queue fsck as root";
    case ELOOP:
    case ENOTDIR:
    case EISDIR:
    case ENXIO: return "remove it, then run socctl queue fsck as root";
    case EROFS: return "mount the file system writable";
    case ENOSPC:
    case EDQUOT: return "make room: see df and df -i";
    case EMFILE:
    case ENFILE: return "raise the limit of open files";
    case ENOENT: return "run socctl queue fsck";
    case EIO: return "check the disk";
    default: return "run socctl queue fsck for details";
  }
}

}  // namespace

void CallFailures::report(Event event, const std::string& line) {
  if (report_) {
    report_(event, line);
  } else if (event == Event::failed && untold_.size() < kMaxUnreported) {
    untold_.push_back(line);
  }
}

void CallFailures::set_report(Report to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  report_ = std::move(to);
  for (const std::string& line : std::exchange(untold_, {})) report(Event::failed, line);
}

void CallFailures::failed(std::string_view call, const std::string& path, const Status& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++count_;
  ++by_call_[std::string(call)];
  const std::int64_t now = steady_now_ms();
  const auto [at, first] =
      causes_.try_emplace(Key(call, kind_of(path), why.sys_errno()), Cause{path, {}, now, true});
  Cause& cause = at->second;
  const bool reported = !first && cause.is_open && now - cause.last_ms < kQuietMs;
  if (first || !cause.is_open) ++open_;
  cause.last_ms = now;
  if (reported) return;
  cause.is_open = true;
  cause.path = path;
  cause.line = "spool: " + why.message() + "; " + cure(why.sys_errno());
  report(Event::failed, cause.line);
}

// A descriptor alone does not identify the file that works again.
void CallFailures::clear(std::string_view call, const std::string& path) {
  if (path.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [key, cause] : causes_) {
    // A successful creation proves that the folder is writable.
    const bool same = cause.path == path || (call == "create" && std::get<1>(key) == kind_of(path));
    if (!cause.is_open || !same || std::get<0>(key) != call) continue;
    cause.is_open = false;
    --open_;
    report(Event::works_again, "spool: " + path + " can be used again");
  }
}

std::map<std::string, std::uint64_t> CallFailures::counts_by_call() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return by_call_;
}

std::vector<std::string> CallFailures::open() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> lines;
  for (const auto& [key, cause] : causes_) {
    if (cause.is_open) lines.push_back(cause.line);
  }
  return lines;
}

}  // namespace socbridge::spool
