// SPDX-License-Identifier: Apache-2.0
#include "spool/inspect.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/durable_file.h"
#include "base/shell_word.h"
#include "base/system_call.h"
#include "base/text.h"
#include "spool/given_folder.h"
#include "spool/lock_holders.h"
#include "spool/names.h"

namespace socbridge::spool {

const char* const kFolders[6] = {"tmp", "queue", "hold", "dead", "corrupt", "state"};

namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kBits = 07777;
constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
using Presence = Inspection::Presence;

std::string octal(mode_t mode) {
  std::string out = "0000";
  for (std::size_t i = out.size(); i-- > 0; mode >>= 3U) {
    out[i] = static_cast<char>('0' + (mode & 7U));
  }
  return out;
}

std::string error_text(int error) { return std::generic_category().message(error); }

std::optional<FileInfo> look(int folder, const std::string& name, int flags) {
  struct stat s {};
  if (::fstatat(folder, name.c_str(), &s, flags) != 0) return {};
  return system_call::to_info(s);
}

class Inspector {
 public:
  Inspector(Env& env, const std::string& dir, const Whose& whose, const Bounds& bounds,
            const OnDefect& on_defect)
      : env_(env), dir_(dir), whose_(whose), bounds_(bounds), on_defect_(on_defect) {}

  Inspection run() {
    const auto top = look(AT_FDCWD, dir_, 0);
    if (!top) {
      absent(errno);
      return out_;
    }
    if (!check_top(*top)) return out_;
    const Fd root(::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
    if (!root.valid()) {
      unseen("", error_text(errno));
      return out_;
    }
    file_system(root.get());
    folders(root.get());
    in_flight(root.get());
    counts(root.get());
    full();
    holders();
    return out_;
  }

 private:
  void stops(std::string path, std::string problem, std::string detail, std::string cure) {
    Defect defect{std::move(path), std::move(problem), std::move(detail), "", false};
    defect.cure = std::move(cure);
    defect.stops = true;
    on_defect_(std::move(defect));
  }
  void unseen(const std::string& path, const std::string& why) {
    if (path.empty()) out_.presence = Presence::unseen;
    stops(path, "mode", "it cannot be inspected: " + why,
          ::geteuid() == whose_.uid || ::geteuid() == 0 ? ""
                                                        : "run this as root or as " + whose_.name);
  }

  // By the mode bits, or by the kernel if this process is that user.
  bool may(int folder, const std::string& name, const FileInfo& info, mode_t wanted) const {
    if (::geteuid() == whose_.uid) {
      const int mode = static_cast<int>(wanted);  // R_OK, W_OK and X_OK are these bits
      return ::faccessat(folder, name.c_str(), mode, AT_EACCESS) == 0;
    }
    if (whose_.uid == 0) return true;
    const mode_t shift = info.uid == whose_.uid ? 6U : info.gid == whose_.gid ? 3U : 0U;
    return ((info.mode >> shift) & wanted) == wanted;
  }

  // chown -h: a link that replaces the file meanwhile is not followed.
  std::string owner_cure(const std::string& path) const {
    return "chown -h " + std::to_string(whose_.uid) + ":" + std::to_string(whose_.gid) + " -- " +
           shell_word(path);
  }

  // For a missing folder: whether that user can create it.
  void absent(int error) {
    out_.presence = Presence::none;
    if (error != ENOENT) {
      stops("", "missing", printable(dir_, 300) + " cannot be read: " + error_text(error),
            "let " + whose_.name + " search the folders above it");
      return;
    }
    std::string above = folder_of(dir_);
    auto info = look(AT_FDCWD, above, 0);
    while (!info && errno == ENOENT && above != "/" && above != ".") {
      above = folder_of(above);
      info = look(AT_FDCWD, above, 0);
    }
    if (info && info->is_dir() && may(AT_FDCWD, above, *info, W_OK | X_OK)) {
      out_.presence = Presence::to_come;
      return;
    }
    stops("", "missing",
          printable(dir_, 300) + " does not exist, and " + whose_.name + " cannot create it in " +
              printable(above, 300),
          how_to_make(dir_, whose_));
  }

  bool check_top(const FileInfo& info) {
    if (!info.is_dir()) {
      stops("", "type", "it is " + std::string(info.kind()) + ", not a folder",
            "remove it or set spool_dir");
      return false;
    }
    const bool may_be_given = whose_.home.empty() || may_be_spool(dir_, whose_.home);
    if (info.uid != whose_.uid && !may_be_given) {
      stops("", "owner", of_other(info), name_own_folder(whose_.home));
      return false;
    }
    check("", AT_FDCWD, dir_, info, kFolderMode);
    return true;
  }

  std::string of_other(const FileInfo& info) const {
    return "it belongs to user " + std::to_string(info.uid) + ", not to " + whose_.name;
  }

  // Checks owner and mode of a file or folder of the right type.
  void check(const std::string& path, int folder, const std::string& name, const FileInfo& info,
             mode_t mode) {
    const bool is_foreign = info.uid != whose_.uid;
    const mode_t needed = info.is_dir() ? R_OK | W_OK | X_OK : R_OK;
    if (is_foreign) {
      Defect defect{path, "owner", of_other(info), "chown " + std::to_string(whose_.uid), false};
      defect.cure = "run socctl queue fsck as root, or " + owner_cure(full(path));
      defect.stops = true;
      defect.repair = Repair::chown_to_owner;
      defect.mode = mode;
      on_defect_(std::move(defect));
      return;
    }
    if ((info.mode & kBits) == mode) return;
    const bool by_all = (info.mode & S_IWOTH) != 0;
    Defect defect{path, "mode", "its mode is " + octal(info.mode & kBits), "chmod " + octal(mode),
                  false};
    defect.stops = (by_all && info.is_dir()) || !may(folder, name, info, needed);
    defect.cure = "run socctl queue fsck, or as " + whose_.name + " chmod " + octal(mode) + " -- " +
                  shell_word(full(path));
    defect.repair = Repair::set_mode;
    defect.mode = mode;
    on_defect_(std::move(defect));
  }

  std::string full(const std::string& path) const {
    return path.empty() ? dir_ : dir_ + "/" + path;
  }

  void file_system(int root) {
    struct statvfs s {};
    if (::fstatvfs(root, &s) != 0) return;
    if ((s.f_flag & ST_RDONLY) != 0) {
      stops("", "read-only", "its file system is mounted read-only",
            "find out why it is read-only (dmesg), then mount it writable");
    }
    constexpr std::uint64_t kTwentieth = 20;
    const std::uint64_t free = static_cast<std::uint64_t>(s.f_bavail) * s.f_frsize;
    const std::uint64_t size = static_cast<std::uint64_t>(s.f_blocks) * s.f_frsize;
    const std::uint64_t floor =
        size > 0 ? std::min(bounds_.min_free_bytes, size / kTwentieth) : bounds_.min_free_bytes;
    if (free < floor || free == 0) {
      stops("", "full",
            std::to_string(free >> 20U) + " MiB free on its file system, " +
                std::to_string(floor >> 20U) + " MiB are kept free",
            "make room, or lower spool_min_free_mb");
    }
    constexpr std::uint64_t kFewInodes = 16;
    if (s.f_files > 0 && s.f_favail < kFewInodes) {
      stops("", "full", std::to_string(s.f_favail) + " inodes free on its file system",
            "remove small files there (df -i)");
    }
  }

  void folders(int root) {
    bool any = false;
    std::vector<std::string> missing;
    for (const char* name : kFolders) {
      const auto info = look(root, name, AT_SYMLINK_NOFOLLOW);
      if (!info) {
        missing.emplace_back(name);
        continue;
      }
      any = true;
      if (!info->is_dir()) {
        wrong_type(name, *info, "a folder");
        continue;
      }
      check(name, root, name, *info, kFolderMode);
      files(root, name);
    }
    const bool made_at_next = !missing.empty() && missing.back() == "state";
    if (!any) out_.presence = Presence::to_come;
    if (made_at_next) return;
    for (const std::string& name : missing) {
      Defect defect{name, "missing", "it does not exist", "mkdir", false};
      defect.stops = true;
      defect.repair = Repair::make_folder;
      defect.mode = kFolderMode;
      on_defect_(std::move(defect));
    }
  }

  void wrong_type(const std::string& path, const FileInfo& info, const char* wanted) {
    stops(path, "type", "it is " + std::string(info.kind()) + ", not " + wanted,
          "check it, remove " + printable(full(path), 300) + ", then run socctl queue fsck");
  }

  void files(int root, const std::string& path) {
    const Fd folder(::openat(root, path.c_str(), kOpenFolder));
    if (!folder.valid()) {
      unseen(path, error_text(errno));
      return;
    }
    const bool state = path.starts_with("state");
    const bool entries = !state && path != "tmp";
    const int copy = ::openat(folder.get(), ".", kOpenFolder);
    std::vector<std::string> names;
    const Status read = system_call::visit(copy, full(path), [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    if (!read.ok()) unseen(path, error_text(read.sys_errno()));
    for (const std::string& name : names) {
      const auto info = look(folder.get(), name, AT_SYMLINK_NOFOLLOW);
      if (!info) continue;  // delivered meanwhile
      const std::string below = path + "/" + name;
      if (path == "state" && name == "buckets" && info->is_dir()) {
        check(below, folder.get(), name, *info, kFolderMode);
        files(root, below);
      } else if (!info->is_file()) {
        strange_type(below, *info, entries);
      } else {
        check_file(folder.get(), below, name, *info, entries);
      }
    }
  }

  // Other file types among the entries do no harm; fsck() reports them.
  void strange_type(const std::string& path, const FileInfo& info, bool entries) {
    if (entries && info.is_dir()) return;
    wrong_type(path, info, "a file");
  }

  void check_file(int folder, const std::string& path, const std::string& name,
                  const FileInfo& info, bool entries) {
    const std::string_view id = id_of(name);
    if (entries && !id.empty()) {
      ++out_.totals.entries;
      out_.totals.bytes += info.size;
      claimable_.emplace(info.inode, path);
    }
    if (info.links > 1) {
      Defect defect{path, "links", "it has " + std::to_string(info.links) + " hard links", "",
                    false};
      defect.cure = "find the others: find / -xdev -inum " + std::to_string(info.inode);
      defect.stops = info.uid != whose_.uid;
      on_defect_(std::move(defect));
      return;
    }
    if (entries && id.empty() && id_of(name, kReasonSuffix).empty()) return;  // never read
    const bool untouched = entries && !id.empty() &&
                           (info.mode & kBits & ~kSentBit) == kUntouchedMode &&
                           !has_reason(folder, id);
    const mode_t sent = entries && !id.empty() ? info.mode & kSentBit : 0;
    const bool fresh = !entries && (info.mode & kBits) == kUntouchedMode;  // a file of tmp/
    check(path, folder, name, info, (untouched || fresh ? kUntouchedMode : kFileMode) | sent);
  }

  // With a reason, mode 0400 would hide the reason.
  static bool has_reason(int folder, std::string_view id) {
    return look(folder, std::string(id).append(kReasonSuffix), AT_SYMLINK_NOFOLLOW).has_value();
  }

  void in_flight(int root) {
    const std::string name = "in-flight";
    const auto info = look(root, name, AT_SYMLINK_NOFOLLOW);
    if (!info) return;  // created when needed
    if (!info->is_file()) {
      wrong_type(name, *info, "a file");
      return;
    }
    in_flight_ = info->inode;
    check_file(root, name, name, *info, false);
  }

  void counts(int root) {
    const std::string name = "counts";
    const auto info = look(root, name, AT_SYMLINK_NOFOLLOW);
    if (!info) return;  // created when needed
    if (info->is_file()) {
      check_file(root, name, name, *info, false);
    } else {
      wrong_type(name, *info, "a file");
    }
  }

  void full() {
    if (bounds_.max_entries > 0 && out_.totals.entries >= bounds_.max_entries) {
      stops("", "full",
            std::to_string(out_.totals.entries) + " entries, at most " +
                std::to_string(bounds_.max_entries),
            "deliver or drop some (socctl queue), or raise spool_max_entries");
    }
    if (bounds_.max_bytes > 0 && out_.totals.bytes >= bounds_.max_bytes) {
      stops("", "full",
            std::to_string(out_.totals.bytes >> 20U) + " MiB, at most " +
                std::to_string(bounds_.max_bytes >> 20U) + " MiB",
            "deliver or drop some (socctl queue), or raise spool_max_mb");
    }
  }

  void holders() {
    std::unordered_set<std::uint64_t> inodes;
    for (const auto& [inode, path] : claimable_) inodes.insert(inode);
    if (inodes.empty() && in_flight_ == 0) return;
    for (const Holder& holder : lock_holders(env_, inodes, in_flight_)) {
      if (!holder.stopped) continue;
      const auto at = claimable_.find(holder.inode);
      stops(at == claimable_.end() ? "in-flight" : at->second, "stopped",
            holder.label() + " holds it and does not continue",
            "kill -CONT " + std::to_string(holder.pid) + ", or kill it");
    }
  }

  Env& env_;
  const std::string& dir_;
  const Whose& whose_;
  const Bounds& bounds_;
  const OnDefect& on_defect_;
  Inspection out_;
  std::uint64_t in_flight_ = 0;
  std::unordered_map<std::uint64_t, std::string> claimable_;  // path of each entry by inode
};

}  // namespace

Inspection inspect(Env& env, const std::string& dir, const Whose& whose, const Bounds& bounds,
                   const OnDefect& on_defect) {
  return Inspector(env, dir, whose, bounds, on_defect).run();
}

}  // namespace socbridge::spool
