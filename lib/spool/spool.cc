// SPDX-License-Identifier: Apache-2.0
#include "spool/spool.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "spool/names.h"
#include "spool/reason.h"
#include "spool/spool_inside.h"

namespace socbridge::spool {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kMaxEntry = std::size_t{128} << 20;

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
                                "custom-w2thive creates it with its first alert");
    return none.with_errno(error);
  }
  // stat() often works for a path that cannot be opened, and gives a better message.
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
  // `state` is created last: if it exists, all do.
  if (env_->stat(state_dir()).ok()) return {};
  for (const char* name : {"tmp", "queue", "hold", "dead", "corrupt", "state"}) {
    const Status made = env_->mkdir(dir_ + "/" + name, kFolderMode);
    if (!made.ok() && made.sys_errno() != EEXIST) {
      return unusable(dir_, made.message(),
                      cure_of(made, "give it to the user this runs as, or set spool_dir"));
    }
  }
  // Created before the disk can be full, so that accepted alerts can still be sent.
  static_cast<void>(env_->open_rw(dir_ + "/in-flight", kFileMode));
  counts().prepare();
  if (const Status synced = env_->fsync_dir(dir_); !synced.ok()) {
    return unusable(dir_, synced.message(), {});
  }
  return {};
}

std::string Spool::path(State state, std::string_view id, std::string_view suffix) const {
  std::string out = dir_ + "/" + state_name(state) + "/";
  return out.append(id).append(suffix);
}

Result<std::optional<Claim>> Spool::claim(State state, const std::string& id) {
  if (!is_id(id)) {
    return Status::error(ExitCode::usage, "\"" + printable(id, 60) + "\" is not an entry id");
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
  // If the path now names another file, the entry was removed or moved before this process locked
  // it.
  const auto open = env_->fstat(fd->get());
  const auto named = env_->lstat(name);
  const bool same =
      open.ok() && named.ok() && open->inode == named->inode && open->device == named->device;
  if (!same) return std::optional<Claim>();
  Claim claim;
  claim.id_ = id;
  claim.state_ = state;
  claim.next_attempt_ms_ = named->mtime_ms;
  claim.changed_ms_ = open->ctime_ms;
  claim.bytes_ = open->size;
  claim.untouched_ = (open->mode & S_IWUSR) == 0;
  claim.sent_ = (open->mode & kSentBit) != 0;
  claim.fd_ = std::move(*fd);
  return std::optional<Claim>(std::move(claim));
}

Result<Entry> Spool::load(Claim& claim) {
  const auto bytes = claim.bytes_ && *claim.bytes_ <= kMaxEntry
                         ? env_->read_at(claim.fd_.get(), 0, *claim.bytes_)
                         : env_->read_file(path(claim.state_, claim.id_, kEntrySuffix), kMaxEntry);
  if (!bytes.ok()) return bytes.status();
  auto entry = decode(*bytes);
  if (entry.ok()) claim.destination_ = entry->destination;
  return entry;
}

Status Spool::remove(Claim claim, std::optional<Counted> counted) {
  auto noted = note(claim, counted, 0);
  // The reason is removed first: an entry without a reason is valid, a reason without an entry is
  // not.
  const Status reason =
      claim.has_reason_ ? env_->unlink(path(claim.state_, claim.id_, kReasonSuffix)) : Status();
  const Status entry = env_->unlink(path(claim.state_, claim.id_, kEntrySuffix));
  if (!entry.ok()) return entry;
  if (noted) noted->done();
  return reason.ok() || reason.sys_errno() == ENOENT ? Status() : reason;
}

// chmod first: readers skip the reason of an entry with mode 0400.
Status Spool::give_reason(Claim& claim, State state, const Reason& reason, Sync sync) {
  if (claim.untouched_) {
    Status touched =
        env_->set_mode(claim.fd_.get(), kFileMode | (claim.sent_ ? kSentBit : mode_t{0}));
    if (touched.ok() && sync == Sync::before_return) touched = env_->fsync(claim.fd_.get());
    if (!touched.ok()) return touched;
    claim.untouched_ = false;
  }
  const Status written = write_reason(*env_, (dir_ + "/tmp/" + claim.id_).append(kReasonSuffix),
                                      path(state, claim.id_, kReasonSuffix), reason);
  // The reason now records the unsettled request.
  if (written.ok() && claim.sent_) static_cast<void>(clear_sent(claim));
  return written;
}

Status Spool::set_sent(Claim& claim, bool sent) {
  if (!sent && !claim.sent_) return {};  // a second request updates the time of the first
  const mode_t mode = claim.untouched_ ? kUntouchedMode : kFileMode;
  const Status marked = env_->set_mode(claim.fd_.get(), mode | (sent ? kSentBit : mode_t{0}));
  if (marked.ok()) claim.sent_ = sent;
  return marked;
}

Status Spool::postpone(Claim claim, const Reason& reason, std::int64_t next_attempt_ms,
                       std::optional<Counted> counted) {
  auto noted = note(claim, counted, reason.attempts);
  const Status written = give_reason(claim, claim.state_, reason, Sync::none);
  if (written.ok() && noted) noted->done();
  const Status timed = env_->set_mtime_ms(claim.fd_.get(), next_attempt_ms);
  return written.ok() ? timed : written;
}

Status Spool::move(Claim claim, State to, const Reason& reason, std::optional<Counted> counted) {
  auto noted = note(claim, counted, 0);
  // The reason is stored before the entry, so that readers of the entry find it.
  Status status = give_reason(claim, to, reason, Sync::before_return);
  if (status.ok()) {
    status = env_->rename(path(claim.state_, claim.id_, kEntrySuffix),
                          path(to, claim.id_, kEntrySuffix));
    if (status.ok() && noted) noted->done();
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
