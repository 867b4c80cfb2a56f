#include "spool/fsck.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/value.h"
#include "spool/names.h"

namespace socbridge::spool {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kBits = 07777;
constexpr std::size_t kMaxEntry = std::size_t{128} << 20;
constexpr std::int64_t kFreshReasonMs = 60000;  // written just before its entry comes
constexpr State kStates[] = {State::queue, State::hold, State::dead, State::corrupt};

std::string octal(mode_t mode) {
  std::string out = "0000";
  for (std::size_t i = out.size(); i-- > 0; mode >>= 3U) {
    out[i] = static_cast<char>('0' + (mode & 7U));
  }
  return out;
}

class Fsck {
 public:
  Fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
       const std::function<void(const Defect&)>& on_defect)
      : env_(env), spool_(spool), options_(options), now_(now_ms), on_defect_(on_defect) {}

  Result<FsckTotals> run() {
    const auto top = env_.stat(spool_.dir());
    if (!top.ok()) return top.status();
    owner_ = *top;
    check_file("", *top, kFolderMode);
    for (const char* folder : {"tmp", "queue", "hold", "dead", "corrupt", "state"}) {
      check_folder(folder);
    }
    if (const Status read = check_litter(); !read.ok()) return read;
    for (const State state : kStates) {
      if (const Status read = check_state(state); !read.ok()) return read;
    }
    return totals_;
  }

 private:
  // Tells one defect; `mend` is only called if it is to be mended.
  void tell(Defect defect, const std::function<Status()>& mend) {
    ++totals_.defects;
    if (options_.mend && !defect.action.empty()) {
      const Status done = mend();
      defect.mended = done.ok();
      if (done.ok()) ++totals_.mended;
      defect.error = done.message();
    }
    on_defect_(defect);
  }

  std::string full(const std::string& path) const {
    return path.empty() ? spool_.dir() : spool_.dir() + "/" + path;
  }

  // Through a descriptor that follows no link, since root may run this in a folder of others.
  Status set(const std::string& path, const std::function<int(int)>& change) const {
    const Fd fd(::open(full(path).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (fd.valid() && change(fd.get()) == 0) return {};
    return Status::error(ExitCode::failure, std::generic_category().message(errno));
  }

  void check_file(const std::string& path, const FileInfo& info, mode_t mode) {
    if ((info.mode & kBits) != mode) {
      tell({path,
            "mode",
            "its mode is " + octal(info.mode & kBits),
            "chmod " + octal(mode),
            false,
            {}},
           [&] { return set(path, [&](int fd) { return ::fchmod(fd, mode); }); });
    }
    if (info.uid != owner_.uid) {
      tell({path,
            "owner",
            "it belongs to user " + std::to_string(info.uid),
            "chown " + std::to_string(owner_.uid),
            false,
            {}},
           [&] { return set(path, [&](int fd) { return ::fchown(fd, owner_.uid, owner_.gid); }); });
    }
  }

  // Beside a reason that mode would hide it.
  bool is_untouched(const FileInfo& info, const std::string& folder, std::string_view id) {
    if ((info.mode & kBits) != kUntouchedMode) return false;
    return !env_.lstat(full(std::string(folder).append(id).append(kReasonSuffix))).ok();
  }

  void check_folder(const std::string& name) {
    const auto info = env_.lstat(full(name));
    if (!info.ok()) {
      tell({name, "missing", info.status().message(), "mkdir", false, {}},
           [&] { return env_.mkdir(full(name), kFolderMode); });
      return;
    }
    if (!info->is_dir()) {
      tell({name, "name", "it is not a folder", "", false, {}}, [] { return Status(); });
      return;
    }
    check_file(name, *info, kFolderMode);
  }

  Status check_litter() {
    std::vector<std::string> names;
    const Status read = env_.visit_dir(full("tmp"), [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    for (const std::string& name : names) {
      const std::string path = "tmp/" + name;
      const auto info = env_.lstat(full(path));
      if (!info.ok() || !info->is_file() || info->mtime_ms > now_ - options_.stale_ms) continue;
      // Whoever still writes it holds its lock.
      auto fd = env_.open_read(full(path));
      if (!fd.ok()) continue;
      const auto locked = env_.try_lock(fd->get());
      if (!locked.ok() || !*locked) continue;
      tell({path, "stale", "a crash left it at " + format_utc(info->mtime_ms), "remove", false, {}},
           [&] { return env_.unlink(full(path)); });
    }
    return read;
  }

  Status check_state(State state) {
    std::vector<std::string> names;
    const std::string folder = std::string(state_name(state)) + "/";
    const Status read = env_.visit_dir(full(state_name(state)), [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    if (!read.ok()) return read;
    for (const std::string& name : names) {
      const auto info = env_.lstat(full(folder + name));
      if (!info.ok()) continue;  // delivered meanwhile
      if (const std::string_view id = id_of(name); !id.empty() && info->is_file()) {
        check_file(folder + name, *info,
                   is_untouched(*info, folder, id) ? kUntouchedMode : kFileMode);
        check_entry(state, std::string(id), folder + name);
      } else if (const std::string_view of = id_of(name, kReasonSuffix);
                 !of.empty() && info->is_file()) {
        check_reason(state, std::string(of), folder + name, *info);
      } else {
        check_stranger(folder + name, *info);
      }
    }
    return {};
  }

  void check_entry(State state, const std::string& id, const std::string& path) {
    ++totals_.entries;
    if (state == State::corrupt) return;  // that is what it is there for
    const auto bytes = env_.read_file(full(path), kMaxEntry);
    if (!bytes.ok() || decode(*bytes).ok()) return;
    const std::string why = decode(*bytes).status().message();
    auto claim = spool_.claim(state, id);
    if (!claim.ok() || !claim->has_value()) return;  // whoever has it will see it too
    tell({path, "damaged", why, "move to corrupt/", false, {}}, [&] {
      Reason reason = spool_.reason(state, id).value_or(Reason{});
      reason.at_ms = now_;
      reason.kind = "damaged";
      reason.message = why;
      return spool_.move(std::move(**claim), State::corrupt, reason);
    });
  }

  void check_reason(State state, const std::string& id, const std::string& path,
                    const FileInfo& info) {
    if (info.mtime_ms > now_ - kFreshReasonMs) return;
    if (!env_.lstat(spool_.entry_path(state, id)).ok()) {
      tell({path, "orphan", "there is no entry of this name", "remove", false, {}},
           [&] { return env_.unlink(full(path)); });
      return;
    }
    check_file(path, info, kFileMode);
    if (spool_.reason(state, id)) return;
    tell({path, "reason", "it cannot be read as a reason", "remove", false, {}},
         [&] { return env_.unlink(full(path)); });
  }

  // A file that is neither an entry nor a reason by its name. A whole entry under a strange name
  // (put back by hand) gets one of its own.
  void check_stranger(const std::string& path, const FileInfo& info) {
    const bool may_be_entry = path.ends_with(kEntrySuffix) && info.is_file();
    auto bytes = may_be_entry ? env_.read_file(full(path), kMaxEntry)
                              : Result<std::string>(Status::error(ExitCode::failure, ""));
    auto entry = bytes.ok() ? decode(*bytes) : Result<Entry>(bytes.status());
    if (entry.ok() && path.starts_with("queue/")) {
      tell({path, "name", "a whole entry whose name is no id", "store under a new id", false, {}},
           [&] {
             const auto claim = spool_.accept(*entry);
             return claim.ok() ? env_.unlink(full(path)) : claim.status();
           });
      return;
    }
    tell({path, "name", "it is neither an entry nor a reason; nobody will read it", "", false, {}},
         [] { return Status(); });
  }

  Env& env_;
  Spool& spool_;
  FsckOptions options_;
  UnixMillis now_;
  const std::function<void(const Defect&)>& on_defect_;
  FileInfo owner_;
  FsckTotals totals_;
};

}  // namespace

Result<FsckTotals> fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
                        const std::function<void(const Defect&)>& on_defect) {
  return Fsck(env, spool, options, now_ms, on_defect).run();
}

}  // namespace socbridge::spool
