// SPDX-License-Identifier: Apache-2.0
#include "spool/spool.h"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "spool/names.h"
#include "spool/observed_env.h"
#include "spool/reason.h"

namespace socbridge::spool {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kMaxEntry = std::size_t{128} << 20;

// 13 digits of milliseconds, so that names sort by time, and 64 random bits, so that none comes
// twice.
Result<std::string> make_id(UnixMillis now_ms) {
  constexpr std::size_t kDigits = 13;
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) {
    return Status::error(ExitCode::failure, "cannot get random bytes for a spool name");
  }
  std::string digits = std::to_string(now_ms < 0 ? 0 : now_ms);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  std::string id = digits + "-";
  static constexpr std::string_view kHex = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) id += kHex[(random >> shift) & 0xFU];
  return id;
}

// Inodes run out without a word of it in the free space.
std::string cure_of(const Status& failed, std::string otherwise) {
  const int error = failed.sys_errno();
  if (error == ENOSPC || error == EDQUOT) return "make room: see df -h and df -i, and quotas";
  if (error == EROFS) return "mount its file system writable";
  return error == EACCES || error == EPERM ? std::move(otherwise) : "check the disk";
}

Status unusable(const std::string& dir, const std::string& why, std::string hint) {
  return Status::error(ExitCode::failure, "spool " + printable(dir, 300) + " is unusable: " + why,
                       std::move(hint));
}

Status check_folder(const std::string& dir, const FileInfo& info) {
  if (!info.is_dir()) return unusable(dir, "it is not a folder", "remove it or set spool_dir");
  const uid_t me = geteuid();
  if (info.uid != me && me != 0) {
    return unusable(
        dir, "it belongs to user " + std::to_string(info.uid) + ", not to " + std::to_string(me),
        "run chown " + std::to_string(me) + " on it");
  }
  if ((info.mode & S_IWOTH) != 0) {
    return unusable(dir, "any user may write to it", "run chmod 0700 on it");
  }
  return {};
}

}  // namespace

const char* state_name(State state) {
  switch (state) {
    case State::queue: return "queue";
    case State::hold: return "hold";
    case State::dead: return "dead";
    case State::corrupt: return "corrupt";
  }
  return "";
}

struct Spool::Inside {
  Inside(std::shared_ptr<Env> folder, const std::string& dir)
      : env(std::move(folder), dir, failures) {}
  CallFailures failures;
  ObservedEnv env;
};

Spool::Spool(std::shared_ptr<Inside> inside, std::string dir)
    : inside_(std::move(inside)), env_(&inside_->env), dir_(std::move(dir)) {}

CallFailures& Spool::failures() const { return inside_->failures; }

Result<Spool> Spool::open_read_only(Env& env, std::string dir) {
  auto folder = env.within(dir);
  auto info = folder.ok() ? (*folder)->stat(dir) : Result<FileInfo>(folder.status());
  if (info.ok()) {
    if (const Status fine = check_folder(dir, *info); !fine.ok()) return fine;
    auto inside = std::make_shared<Inside>(std::move(*folder), dir);
    Spool spool(std::move(inside), std::move(dir));
    spool.read_only_ = true;
    return spool;
  }
  const int error = info.status().sys_errno();
  if (error == ENOENT) {
    Status none = Status::error(ExitCode::failure, "there is no spool at " + printable(dir, 300),
                                "custom-w2thive makes it with its first alert");
    return none.with_errno(error);
  }
  // A path that cannot be opened usually allows stat(), which gives a better message.
  if (const auto seen = env.stat(dir); seen.ok()) {
    if (const Status fine = check_folder(dir, *seen); !fine.ok()) return fine;
  }
  return unusable(dir, info.status().message(), {});
}

Result<Spool> Spool::open(Env& env, std::string dir) {
  auto spool = open_read_only(env, dir);
  if (!spool.ok() && spool.status().sys_errno() == ENOENT) {
    if (const Status made = env.make_dirs(dir, kFolderMode); !made.ok()) {
      return unusable(dir, made.message(),
                      cure_of(made, "create it for the user this runs as, or set spool_dir"));
    }
    spool = open_read_only(env, std::move(dir));
  }
  if (!spool.ok()) return spool;
  spool->read_only_ = false;
  if (const Status made = spool->make_folders(); !made.ok()) return made;
  return spool;
}

Status Spool::make_folders() {
  // `state` is made last: if it is there, all are.
  if (env_->stat(state_dir()).ok()) return {};
  for (const char* name : {"tmp", "queue", "hold", "dead", "corrupt", "state"}) {
    const Status made = env_->mkdir(dir_ + "/" + name, kFolderMode);
    if (!made.ok() && made.sys_errno() != EEXIST) {
      return unusable(dir_, made.message(),
                      cure_of(made, "give it to the user this runs as, or set spool_dir"));
    }
  }
  // There before the disk can be full: what was accepted is sent all the same.
  static_cast<void>(env_->open_rw(dir_ + "/in-flight", kFileMode));
  if (const Status synced = env_->fsync_dir(dir_); !synced.ok()) {
    return unusable(dir_, synced.message(), {});
  }
  return {};
}

std::string Spool::path(State state, std::string_view id, std::string_view suffix) const {
  std::string out = dir_ + "/" + state_name(state) + "/";
  return out.append(id).append(suffix);
}

Result<Claim> Spool::accept(const Entry& entry) {
  const auto id = make_id(entry.accepted_ms);
  if (!id.ok()) return id.status();
  const std::string fresh = (dir_ + "/tmp/" + *id).append(kEntrySuffix);
  auto fd = env_->create_new(fresh, kUntouchedMode);
  if (!fd.ok()) {
    return unusable(dir_, fd.status().message(),
                    cure_of(fd.status(), "give it to the user this runs as"));
  }
  // Locked before anyone can see it, so that a relay does not deliver what its own process will.
  const auto locked = env_->try_lock(fd->get());
  Status status = locked.ok() ? env_->write_all(fd->get(), encode(entry)) : locked.status();
  const std::string queued = path(State::queue, *id, kEntrySuffix);
  bool renamed = false;
  if (status.ok()) {
    status = env_->rename(fresh, queued);
    renamed = status.ok();
  }
  // Synced under its last name: a journalling file system then writes both with one commit, and
  // has nothing left to do for the folder. The checksum detects what power loss left incomplete.
  if (status.ok()) status = env_->fsync(fd->get());
  if (status.ok()) status = env_->fsync_dir(dir_ + "/queue");
  if (!status.ok()) {
    // Not durable for certain: an error without an entry is better than an entry that a crash may
    // lose.
    const Status gone = env_->unlink(renamed ? queued : fresh);
    return unusable(dir_, status.message(),
                    gone.ok() ? "check free space and the disk" : "check the disk");
  }
  Claim claim;
  claim.id_ = *id;
  claim.state_ = State::queue;
  claim.next_attempt_ms_ = entry.accepted_ms;
  claim.untouched_ = true;
  claim.fd_ = std::move(*fd);
  return claim;
}

Result<std::optional<Claim>> Spool::claim(State state, const std::string& id) {
  if (!is_id(id)) {
    return Status::error(ExitCode::usage, "\"" + printable(id, 60) + "\" is no entry id");
  }
  const std::string name = path(state, id, kEntrySuffix);
  auto fd = env_->open_read(name);
  if (!fd.ok()) {
    if (fd.status().sys_errno() == ENOENT) return std::optional<Claim>();
    return fd.status();
  }
  const auto locked = env_->try_lock(fd->get());
  if (!locked.ok()) return locked.status();
  if (!*locked) return std::optional<Claim>();
  // If the name leads elsewhere now, the entry was removed or moved before the lock was ours.
  const auto open = env_->fstat(fd->get());
  const auto named = env_->lstat(name);
  const bool same =
      open.ok() && named.ok() && open->inode == named->inode && open->device == named->device;
  if (!same) return std::optional<Claim>();
  Claim claim;
  claim.id_ = id;
  claim.state_ = state;
  claim.next_attempt_ms_ = named->mtime_ms;
  claim.bytes_ = open->size;
  claim.untouched_ = (open->mode & S_IWUSR) == 0;
  claim.fd_ = std::move(*fd);
  return std::optional<Claim>(std::move(claim));
}

Result<Entry> Spool::load(const Claim& claim) {
  const auto bytes = claim.bytes_ && *claim.bytes_ <= kMaxEntry
                         ? env_->read_at(claim.fd_.get(), 0, *claim.bytes_)
                         : env_->read_file(path(claim.state_, claim.id_, kEntrySuffix), kMaxEntry);
  if (!bytes.ok()) return bytes.status();
  return decode(*bytes);
}

Status Spool::remove(Claim claim) {
  // The reason goes first: an entry without a reason is normal, a reason without an entry is
  // litter.
  const Status reason =
      claim.has_reason_ ? env_->unlink(path(claim.state_, claim.id_, kReasonSuffix)) : Status();
  const Status entry = env_->unlink(path(claim.state_, claim.id_, kEntrySuffix));
  if (!entry.ok()) return entry;
  return reason.ok() || reason.sys_errno() == ENOENT ? Status() : reason;
}

// chmod first: readers skip the reason of a 0400 entry.
Status Spool::give_reason(Claim& claim, State state, const Reason& reason, bool durably) {
  if (claim.untouched_) {
    Status touched = env_->set_mode(claim.fd_.get(), kFileMode);
    if (touched.ok() && durably) touched = env_->fsync(claim.fd_.get());
    if (!touched.ok()) return touched;
    claim.untouched_ = false;
  }
  return write_reason(*env_, (dir_ + "/tmp/" + claim.id_).append(kReasonSuffix),
                      path(state, claim.id_, kReasonSuffix), reason);
}

Status Spool::postpone(Claim claim, const Reason& reason, std::int64_t next_attempt_ms) {
  const Status written = give_reason(claim, claim.state_, reason, false);
  const Status timed = env_->set_mtime_ms(claim.fd_.get(), next_attempt_ms);
  return written.ok() ? timed : written;
}

Status Spool::move(Claim claim, State to, const Reason& reason) {
  // The reason is stored before the entry, so that readers of the entry find it.
  Status status = give_reason(claim, to, reason, true);
  if (status.ok()) {
    status = env_->rename(path(claim.state_, claim.id_, kEntrySuffix),
                          path(to, claim.id_, kEntrySuffix));
  }
  if (status.ok()) status = env_->fsync_dir(dir_ + "/" + state_name(to));
  if (status.ok()) status = env_->fsync_dir(dir_ + "/" + state_name(claim.state_));
  if (status.ok() && to != claim.state_) {
    const Status old = env_->unlink(path(claim.state_, claim.id_, kReasonSuffix));
    if (!old.ok() && old.sys_errno() != ENOENT) return old;
  }
  return status;
}

std::optional<Reason> Spool::reason(State state, const std::string& id) {
  return read_reason(*env_, path(state, id, kReasonSuffix));
}

std::optional<Reason> Spool::reason(Claim& claim) {
  if (claim.untouched_) {
    claim.has_reason_ = false;
    return {};
  }
  bool absent = false;
  auto found = read_reason(*env_, path(claim.state_, claim.id_, kReasonSuffix), &absent);
  claim.has_reason_ = !absent;
  return found;
}

Status Spool::reschedule(const Claim& claim, std::int64_t next_attempt_ms) {
  return env_->set_mtime_ms(claim.fd_.get(), next_attempt_ms);
}

}  // namespace socbridge::spool
