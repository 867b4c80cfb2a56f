// SPDX-License-Identifier: Apache-2.0
#include "spool/fsck.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "json/value.h"
#include "spool/names.h"

namespace socbridge::spool {
namespace {

constexpr std::size_t kMaxEntry = std::size_t{128} << 20;
constexpr std::int64_t kFreshReasonMs = 60000;  // it is written before its entry is moved
constexpr State kStates[] = {State::queue, State::hold, State::dead, State::corrupt};

class Fsck {
 public:
  Fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
       const OnDefect& on_defect)
      : env_(env), spool_(spool), options_(options), now_(now_ms), on_defect_(on_defect) {}

  FsckTotals run() {
    check_leftovers();
    for (const State state : kStates) check_state(state);
    return totals_;
  }

 private:
  // Reports a defect; `repair` is called only in repair mode.
  void report(Defect defect, const std::function<Status()>& repair) {
    ++totals_.defects;
    if (options_.repair && !defect.action.empty()) {
      const Status done = repair();
      defect.repaired = done.ok();
      if (done.ok()) ++totals_.repaired;
      defect.error = done.message();
    }
    on_defect_(defect);
  }

  std::string full(const std::string& path) const {
    return path.empty() ? spool_.dir() : spool_.dir() + "/" + path;
  }

  void check_leftovers() {
    std::vector<std::string> names;
    const Status unread = env_.visit_dir(full("tmp"), [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    for (const std::string& name : names) {
      const std::string path = "tmp/" + name;
      const auto info = env_.lstat(full(path));
      if (!info.ok() || !info->is_file() || info->mtime_ms > now_ - options_.stale_ms) continue;
      // A process that is still writing it holds its lock.
      auto fd = env_.open_read(full(path));
      if (!fd.ok()) continue;
      const auto locked = env_.try_lock(fd->get());
      if (!locked.ok() || !*locked) continue;
      report(
          {path, "stale", "left by a crash at " + format_utc(info->mtime_ms), "remove", false, {}},
          [&] { return env_.unlink(full(path)); });
    }
    static_cast<void>(unread);  // reported with the folder
  }

  void check_state(State state) {
    std::vector<std::string> names;
    const std::string folder = std::string(state_name(state)) + "/";
    const Status read = env_.visit_dir(full(state_name(state)), [&](std::string_view name) {
      names.emplace_back(name);
      return true;
    });
    if (!read.ok()) return;  // reported with the folder
    for (const std::string& name : names) {
      const auto info = env_.lstat(full(folder + name));
      if (!info.ok()) continue;  // delivered meanwhile
      if (const std::string_view id = id_of(name); !id.empty() && info->is_file()) {
        check_entry(state, std::string(id), folder + name);
      } else if (const std::string_view of = id_of(name, kReasonSuffix);
                 !of.empty() && info->is_file()) {
        check_reason(state, std::string(of), folder + name, *info);
      } else {
        check_stranger(folder + name, *info);
      }
    }
  }

  void check_entry(State state, const std::string& id, const std::string& path) {
    ++totals_.entries;
    if (state == State::corrupt) return;  // damaged entries belong here
    const auto bytes = env_.read_file(full(path), kMaxEntry);
    if (!bytes.ok() || decode(*bytes).ok()) return;
    const std::string why = decode(*bytes).status().message();
    auto claim = spool_.claim(state, id);
    if (!claim.ok() || !claim->has_value()) return;  // its holder will find the defect too
    report({path, "damaged", why, "move to corrupt/", false, {}}, [&] {
      Reason reason = spool_.reason(state, id).value_or(Reason{});
      reason.at_ms = now_;
      reason.kind = "damaged";
      reason.message = why;
      return spool_.move(std::move(**claim), State::corrupt, reason, Counted::corrupt);
    });
  }

  void check_reason(State state, const std::string& id, const std::string& path,
                    const FileInfo& info) {
    if (info.mtime_ms > now_ - kFreshReasonMs) return;
    if (!env_.lstat(spool_.entry_path(state, id)).ok()) {
      report({path, "orphan", "there is no entry of this name", "remove", false, {}},
             [&] { return env_.unlink(full(path)); });
      return;
    }
    if (spool_.reason(state, id)) return;
    report({path, "reason", "it is not a valid reason", "remove", false, {}},
           [&] { return env_.unlink(full(path)); });
  }

  // A file whose name is neither that of an entry nor of a reason. A valid entry under another name
  // (restored manually) gets a new id.
  void check_stranger(const std::string& path, const FileInfo& info) {
    if (!info.is_file() && !info.is_dir()) return;  // reported by its type
    const bool may_be_entry = path.ends_with(kEntrySuffix) && info.is_file();
    auto bytes = may_be_entry ? env_.read_file(full(path), kMaxEntry)
                              : Result<std::string>(Status::error(ExitCode::failure, ""));
    auto entry = bytes.ok() ? decode(*bytes) : Result<Entry>(bytes.status());
    if (entry.ok() && path.starts_with("queue/")) {
      report({path,
              "name",
              "a valid entry whose name is not an id",
              "store under a new id",
              false,
              {}},
             [&] {
               const auto claim = spool_.accept(*entry);
               return claim.ok() ? env_.unlink(full(path)) : claim.status();
             });
      return;
    }
    report({path, "name", "it is neither an entry nor a reason; it is never read", "", false, {}},
           [] { return Status(); });
  }

  Env& env_;
  Spool& spool_;
  FsckOptions options_;
  UnixMillis now_;
  const OnDefect& on_defect_;
  FsckTotals totals_;
};

}  // namespace

Inspection fsck_folders(Env& env, const FolderCheck& check, FsckTotals& totals,
                        const OnDefect& on_defect) {
  bool may_repair = check.repair;
  return inspect(env, check.dir, check.whose, check.bounds, [&](Defect defect) {
    ++totals.defects;
    const bool of_folder = defect.path.empty() && defect.repair == Repair::chown_to_owner;
    if (of_folder && check.give_folder == GiveFolder::never) {
      defect.repair = Repair::none;
      defect.action.clear();
      may_repair = false;  // the owner of the folder would get its content
    }
    if (may_repair && defect.repair != Repair::none) {
      const Status done = repair({check.dir, check.whose, check.give_folder}, defect);
      defect.repaired = done.ok();
      if (done.ok()) ++totals.repaired;
      defect.error = done.line();
      if (of_folder && !done.ok()) may_repair = false;
    }
    on_defect(std::move(defect));
  });
}

Result<FsckTotals> fsck_entries(Env& env, Spool& spool, const FsckOptions& options,
                                UnixMillis now_ms, const OnDefect& on_defect) {
  return Fsck(env, spool, options, now_ms, on_defect).run();
}

Result<FsckTotals> fsck(Env& env, Spool& spool, const FsckOptions& options, UnixMillis now_ms,
                        const OnDefect& on_defect) {
  const auto top = env.stat(spool.dir());
  if (!top.ok()) return top.status();
  FolderCheck check;
  check.dir = spool.dir();
  check.whose = {top->uid, top->gid, "user " + std::to_string(top->uid)};
  check.repair = options.repair;
  FsckTotals folders;
  fsck_folders(env, check, folders, on_defect);
  auto totals = fsck_entries(env, spool, options, now_ms, on_defect);
  if (!totals.ok()) return totals;
  totals->defects += folders.defects;
  totals->repaired += folders.repaired;
  return totals;
}

}  // namespace socbridge::spool
