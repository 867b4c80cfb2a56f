// SPDX-License-Identifier: Apache-2.0
// From an alert to an entry on stable storage.
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "spool/entry_id.h"
#include "spool/spool_inside.h"

namespace socbridge::spool {
namespace {

// 64 random bits, so that ids are unique.
Result<std::string> make_id(UnixMillis now_ms) {
  EntryId id{static_cast<std::uint64_t>(std::max<UnixMillis>(now_ms, 0)), 0};
  if (getrandom(&id.random, sizeof id.random, 0) != static_cast<ssize_t>(sizeof id.random)) {
    return Status::error(ExitCode::failure, "cannot get random bytes for a spool name");
  }
  return id_text(id);
}

}  // namespace

// The file system may run out of inodes while it has free space.
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

// A locked entry under its name in tmp/.
struct Spool::Fresh {
  std::string path, queued;
  bool renamed = false;
  Claim claim;
};

Result<Spool::Fresh> Spool::write_fresh(const Entry& entry) {
  const auto id = make_id(entry.accepted_ms);
  if (!id.ok()) return id.status();
  Fresh out;
  out.path = (dir_ + "/tmp/" + *id).append(kEntrySuffix);
  out.queued = path(State::queue, *id, kEntrySuffix);
  auto fd = env_->create_new(out.path, kUntouchedMode);
  if (!fd.ok()) {
    return unusable(dir_, fd.status().message(),
                    cure_of(fd.status(), "give it to the user this runs as"));
  }
  // Locked before it becomes visible, so that a relay does not deliver it before its own process.
  const auto locked = env_->try_lock(fd->get());
  const Status status = locked.ok() ? env_->write_all(fd->get(), encode(entry)) : locked.status();
  if (!status.ok()) {
    const Status gone = env_->unlink(out.path);
    return unusable(dir_, status.message(),
                    gone.ok() ? "check free space and the disk" : "check the disk");
  }
  Claim& claim = out.claim;
  claim.id_ = *id;
  claim.state_ = State::queue;
  claim.next_attempt_ms_ = entry.accepted_ms;
  claim.first_ = true;
  claim.untouched_ = true;
  claim.destination_ = entry.destination;
  claim.fd_ = std::move(*fd);
  return out;
}

// It may not be durable: an error without an entry is better than an entry that a crash may lose.
Status Spool::undo(const std::vector<Fresh>& written, const Status& why) {
  bool gone = true;
  for (const Fresh& one : written) {
    gone = env_->unlink(one.renamed ? one.queued : one.path).ok() && gone;
  }
  return unusable(dir_, why.message(), gone ? "check free space and the disk" : "check the disk");
}

// Synced under its final name: a journalling file system writes file and folder with one commit.
// After power loss the checksum detects an incomplete file. Several entries are all synced before
// the first is renamed, and renaming needs no space: whatever fails, fails before any of them is
// visible.
Status Spool::enqueue(std::vector<Fresh>& written) {
  const bool several = written.size() > 1;
  Status status;
  for (const Fresh& one : written) {
    if (several && status.ok()) status = env_->fsync(one.claim.fd_.get());
  }
  for (Fresh& one : written) {
    if (!status.ok()) break;
    status = env_->rename(one.path, one.queued);
    one.renamed = status.ok();
  }
  if (status.ok() && !several) status = env_->fsync(written.front().claim.fd_.get());
  if (status.ok()) status = env_->fsync_dir(dir_ + "/queue");
  return status;
}

Result<Claim> Spool::accept(const Entry& entry) {
  auto fresh = write_fresh(entry);
  if (!fresh.ok()) return fresh.status();
  std::vector<Fresh> written;
  written.push_back(std::move(*fresh));
  if (const Status status = enqueue(written); !status.ok()) return undo(written, status);
  return std::move(written.front().claim);
}

Result<std::vector<Claim>> Spool::accept_each(Entry& entry,
                                              const std::vector<std::string>& destinations) {
  std::vector<Fresh> written;
  for (const std::string& destination : destinations) {
    entry.destination = destination;
    auto fresh = write_fresh(entry);
    if (!fresh.ok()) {
      static_cast<void>(undo(written, fresh.status()));
      return fresh.status();
    }
    written.push_back(std::move(*fresh));
  }
  if (const Status status = enqueue(written); !status.ok()) return undo(written, status);
  std::vector<Claim> claims;
  for (Fresh& one : written) claims.push_back(std::move(one.claim));
  return claims;
}

}  // namespace socbridge::spool
