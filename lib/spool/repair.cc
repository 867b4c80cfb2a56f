// SPDX-License-Identifier: Apache-2.0
#include "spool/repair.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "base/durable_file.h"
#include "base/system_call.h"
#include "base/text.h"
#include "base/trusted_path.h"
#include "json/value.h"
#include "spool/names.h"
#include "spool/spool.h"

namespace socbridge::spool {
namespace {

constexpr std::size_t kMaxEntry = std::size_t{128} << 20;
constexpr int kOpen = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

Status failure(int error) {
  Status status = Status::error(ExitCode::failure, std::generic_category().message(error),
                                error == EPERM || error == EACCES ? "run it as root" : "");
  return status.with_errno(error);
}

Status declined(const std::string& why) { return Status::error(ExitCode::failure, why); }

// The folder that contains a name, opened without following links.
struct Place {
  Fd folder;
  std::string name;
};

// That user may have replaced the file since inspect(): root changes only files of that user.
bool is_foreign(const struct stat& s, const Whose& whose) {
  return ::geteuid() == 0 && s.st_uid != whose.uid;
}

Status exchanged() {
  return declined("it now belongs to another user: run socctl queue fsck again");
}

// The spool itself, by its name in its parent folder. Root gives it away only if neither a third
// user nor a link of its own user can have put it there.
Result<Place> find_top(const RepairPlace& where, Repair repair) {
  const std::string above = folder_of(where.dir);
  const std::string name = where.dir.substr(where.dir.rfind('/') + 1);
  Place place{Fd(), name.empty() ? "." : name};
  if (::geteuid() == 0 && repair == Repair::chown_to_owner) {
    const Trust trust{{where.whose.uid}, {where.whose.gid}, Trust::Links::of_root};
    auto folder = open_trusted(above, trust, PathKind::folder);
    if (!folder.ok()) return folder.status();
    place.folder = std::move(*folder);
    return place;
  }
  place.folder = Fd(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!place.folder.valid()) return failure(errno);
  return place;
}

Result<Place> find(const RepairPlace& where, const Defect& defect) {
  const std::string& path = defect.path;
  if (path.empty()) return find_top(where, defect.repair);
  Place place;
  place.folder = Fd(::open(where.dir.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
  struct stat s {};
  if (!place.folder.valid() || ::fstat(place.folder.get(), &s) != 0) return failure(errno);
  if (is_foreign(s, where.whose)) return exchanged();
  std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::string name(parts[i]);
    Fd next(::openat(place.folder.get(), name.c_str(), kOpen | O_DIRECTORY));
    if (!next.valid()) return failure(errno);
    place.folder = std::move(next);
  }
  place.name = parts.back();
  return place;
}

bool is_reason(const std::string& bytes) {
  const auto document = json::Document::parse(bytes);
  return document.ok() && document->root()["at_ms"].integer().has_value();
}

// The first bytes of state/buckets/ID (grouping/bucket_counter.h); other files begin with our magic
// or contain dots only.
bool is_memory(const std::string& path, const std::string& bytes) {
  if (path.starts_with("state/buckets/")) {
    const auto lines = split(bytes, '\n');
    return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
      return line.empty() || line == "+" ||
             (line.size() > 2 && line[1] == ' ' &&
              std::string_view("mobt").find(line[0]) != std::string_view::npos);
    });
  }
  return bytes.starts_with("socbridge-") || bytes.find_first_not_of('.') == std::string::npos;
}

bool is_ours(const std::string& path, const std::string& bytes) {
  if (path.ends_with(kReasonSuffix)) return is_reason(bytes);
  if (path.ends_with(kEntrySuffix)) return decode(bytes).ok();
  if (path == "counts") return bytes.starts_with("socbridge-counts ");
  return path.starts_with("state/") && is_memory(path, bytes);
}

bool is_locked(int fd) {
  struct flock lock {};
  lock.l_type = F_RDLCK;  // the descriptor is read-only
  lock.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &lock) != 0;
}

Status drop(const Place& place, Defect& defect) {
  if (::unlinkat(place.folder.get(), place.name.c_str(), 0) != 0) return failure(errno);
  defect.action = "remove";
  return {};
}

// Whether a spool has such a name in its folder `path` ("": the spool itself).
bool is_spool_name(const std::string& path, std::string_view name, bool is_folder) {
  if (path.empty()) {
    const auto is_it = [&](const char* one) { return name == one; };
    const bool known = std::any_of(std::begin(kFolders), std::end(kFolders), is_it);
    return is_folder ? known || name == "lost+found" : name == "in-flight" || name == "counts";
  }
  if (is_folder) return path == "state" && name == "buckets";
  return path.starts_with("state") || path == "tmp" || name.ends_with(kEntrySuffix) ||
         name.ends_with(kReasonSuffix);
}

// Whether an open folder has the names of a spool in it and in its folders.
Status check_folder(int fd, const std::string& path, GiveFolder give_folder) {
  const int copy = ::openat(fd, ".", kOpen | O_DIRECTORY);
  if (copy < 0) return failure(errno);
  std::string foreign;
  bool is_empty = true, has_tmp = false, has_queue = false;
  const Status read = system_call::visit(copy, path, [&](std::string_view name) {
    struct stat s {};
    const std::string text(name);
    if (::fstatat(fd, text.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return true;  // removed
    is_empty = is_empty && name == "lost+found";
    has_tmp = has_tmp || name == "tmp";
    has_queue = has_queue || name == "queue";
    if (!is_spool_name(path, name, S_ISDIR(s.st_mode))) foreign = text;
    return foreign.empty();
  });
  if (!read.ok()) return read;
  if (!foreign.empty()) {
    return declined("it holds " + printable(foreign, 100) +
                    ", which does not belong to a spool: check it manually");
  }
  if (!path.empty()) return {};
  for (const char* name : kFolders) {
    const Fd below(::openat(fd, name, kOpen | O_DIRECTORY));
    if (!below.valid() && errno == ENOENT) continue;
    if (!below.valid()) return failure(errno);
    if (const Status ours = check_folder(below.get(), name, give_folder); !ours.ok()) return ours;
  }
  if (has_tmp && has_queue) return {};
  return is_empty && give_folder == GiveFolder::if_spool_or_empty
             ? Status()
             : declined("its content is not that of a spool: check it manually");
}

Status give(const Place& place, const Whose& whose, GiveFolder give_folder, Defect& defect) {
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), kOpen));
  if (!fd.valid() && errno == ELOOP) return declined("it is a link: check it manually");
  struct stat s {};
  if (!fd.valid() || ::fstat(fd.get(), &s) != 0) return failure(errno);
  const bool folder = S_ISDIR(s.st_mode);
  if (folder) {
    const Status ours = check_folder(fd.get(), defect.path, give_folder);
    if (!ours.ok()) return ours;
  } else {
    if (!S_ISREG(s.st_mode)) return declined("it is not a file");
    if (s.st_nlink != 1) return declined("it has several hard links: check it manually");
    if (defect.path == "in-flight") {
      return is_locked(fd.get()) ? declined("a process uses it: end that process first")
                                 : drop(place, defect);
    }
    const auto bytes = system_call::read_rest(
        fd.get(), kMaxEntry, static_cast<std::size_t>(s.st_size), system_call::ShortRead::last);
    if (!bytes.ok() || !is_ours(defect.path, *bytes)) {
      const bool memory = defect.path.starts_with("state/") || defect.path.starts_with("tmp/") ||
                          defect.path == "counts";
      return memory ? drop(place, defect)
                    : declined("its content does not belong to a spool: check it manually");
    }
  }
  // After the content check: the mode would open a foreign file to that user.
  if (::fchown(fd.get(), whose.uid, whose.gid) != 0) return failure(errno);
  return ::fchmod(fd.get(), defect.mode) == 0 ? Status() : failure(errno);
}

Status set_mode(const Place& place, const Whose& whose, const Defect& defect) {
  // The spool's folder may be reached through a link; here it already belongs to its user.
  const int flags = defect.path.empty() ? kOpen & ~O_NOFOLLOW : kOpen;
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), flags));
  struct stat s {};
  if (!fd.valid() || ::fstat(fd.get(), &s) != 0) return failure(errno);
  if (!S_ISDIR(s.st_mode) && (!S_ISREG(s.st_mode) || s.st_nlink != 1)) {
    return declined("it is not a file with one hard link");
  }
  if (is_foreign(s, whose)) return exchanged();
  return ::fchmod(fd.get(), defect.mode) == 0 ? Status() : failure(errno);
}

// Whether the created folder was not replaced meanwhile.
bool is_new_folder(int fd) {
  struct stat s {};
  return ::fstat(fd, &s) == 0 && s.st_uid == ::geteuid() && system_call::is_empty_folder(fd);
}

Status make_folder(const Place& place, const Whose& whose, const Defect& defect) {
  if (::mkdirat(place.folder.get(), place.name.c_str(), defect.mode) != 0) return failure(errno);
  if (::geteuid() != 0 || whose.uid == 0) return {};
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), kOpen | O_DIRECTORY));
  if (!fd.valid()) return failure(errno);
  if (!is_new_folder(fd.get())) return exchanged();
  return ::fchown(fd.get(), whose.uid, whose.gid) == 0 ? Status() : failure(errno);
}

}  // namespace

Status repair(const RepairPlace& where, Defect& defect) {
  const auto place = find(where, defect);
  if (!place.ok()) return place.status();
  switch (defect.repair) {
    case Repair::make_folder: return make_folder(*place, where.whose, defect);
    case Repair::set_mode: return set_mode(*place, where.whose, defect);
    case Repair::chown_to_owner: return give(*place, where.whose, where.give_folder, defect);
    case Repair::none: break;
  }
  return declined("the operator must repair it");
}

}  // namespace socbridge::spool
