#include "spool/repair.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/system_call.h"
#include "base/text.h"
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

// The folder that holds a name, reached without following links.
struct Place {
  Fd folder;
  std::string name;
};

Result<Place> find(const std::string& dir, const std::string& path) {
  Place place;
  place.folder = Fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
  if (!place.folder.valid()) return failure(errno);
  std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::string name(parts[i]);
    Fd next(::openat(place.folder.get(), name.c_str(), kOpen | O_DIRECTORY));
    if (!next.valid()) return failure(errno);
    place.folder = std::move(next);
  }
  place.name = path.empty() ? "." : std::string(parts.back());
  return place;
}

bool is_reason(const std::string& bytes) {
  const auto document = json::Document::parse(bytes);
  return document.ok() && document->root()["at_ms"].integer().has_value();
}

// A line of state/buckets/ID begins so (grouping/bucket_counter.h); others with our magic, or hold
// dots only.
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
  return path.starts_with("state/") && is_memory(path, bytes);
}

bool is_locked(int fd) {
  struct flock lock {};
  lock.l_type = F_RDLCK;  // the descriptor is for reading
  lock.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &lock) != 0;
}

Status drop(const Place& place, Defect& defect) {
  if (::unlinkat(place.folder.get(), place.name.c_str(), 0) != 0) return failure(errno);
  defect.action = "remove";
  return {};
}

Status give(const Place& place, const Whose& whose, Defect& defect) {
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), kOpen));
  struct stat s {};
  if (!fd.valid() || ::fstat(fd.get(), &s) != 0) return failure(errno);
  const bool folder = S_ISDIR(s.st_mode);
  if (!folder) {
    if (!S_ISREG(s.st_mode)) return declined("it is no file");
    if (s.st_nlink != 1) return declined("it has several names: check it by hand");
    if (defect.path == "in-flight") {
      return is_locked(fd.get()) ? declined("a process uses it: end that first")
                                 : drop(place, defect);
    }
    const auto bytes =
        system_call::read_rest(fd.get(), kMaxEntry, static_cast<std::size_t>(s.st_size), true);
    if (!bytes.ok() || !is_ours(defect.path, *bytes)) {
      const bool memory = defect.path.starts_with("state/") || defect.path.starts_with("tmp/");
      return memory ? drop(place, defect)
                    : declined("its content is not the spool's: check it by hand");
    }
  }
  // Not before: a mode for others would be theirs too.
  if (::fchown(fd.get(), whose.uid, whose.gid) != 0) return failure(errno);
  return ::fchmod(fd.get(), defect.mode) == 0 ? Status() : failure(errno);
}

Status set_mode(const Place& place, const Defect& defect) {
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), kOpen));
  struct stat s {};
  if (!fd.valid() || ::fstat(fd.get(), &s) != 0) return failure(errno);
  if (!S_ISDIR(s.st_mode) && (!S_ISREG(s.st_mode) || s.st_nlink != 1)) {
    return declined("it is no file with one name");
  }
  return ::fchmod(fd.get(), defect.mode) == 0 ? Status() : failure(errno);
}

Status make_folder(const Place& place, const Whose& whose, const Defect& defect) {
  if (::mkdirat(place.folder.get(), place.name.c_str(), defect.mode) != 0) return failure(errno);
  if (::geteuid() != 0 || whose.uid == 0) return {};
  const Fd fd(::openat(place.folder.get(), place.name.c_str(), kOpen | O_DIRECTORY));
  if (!fd.valid() || ::fchown(fd.get(), whose.uid, whose.gid) != 0) return failure(errno);
  return {};
}

}  // namespace

Status repair(const std::string& dir, const Whose& whose, Defect& defect) {
  const auto place = find(dir, defect.path);
  if (!place.ok()) return place.status();
  switch (defect.repair) {
    case Repair::make_folder: return make_folder(*place, whose, defect);
    case Repair::set_mode: return set_mode(*place, defect);
    case Repair::give_to_owner: return give(*place, whose, defect);
    case Repair::none: break;
  }
  return declined("a person has to");
}

}  // namespace socbridge::spool
