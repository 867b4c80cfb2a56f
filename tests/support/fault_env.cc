// SPDX-License-Identifier: Apache-2.0
#include "support/fault_env.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

using socbridge::ExitCode;
using socbridge::Fd;
using socbridge::FileInfo;

namespace {

socbridge::Status failure(const std::string& what, int error) {
  auto status = socbridge::Status::error(ExitCode::failure, what + ": " + std::strerror(error));
  status.with_errno(error);
  return status;
}

std::string parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

socbridge::Status FaultEnv::enter(const std::string& call) {
  trace.push_back(call);
  ++calls;
  if (calls == fail_at || calls == also_fail_at) return failure(call, fail_errno);
  return {};
}

void FaultEnv::crash(bool names_survive, bool garbage) {
  if (!names_survive) live_ = durable_;
  durable_ = live_;
  for (File& file : files_) {
    file.mode = file.durable_mode;
    if (file.data != file.durable) {
      file.data = file.durable;
      if (garbage) file.data += std::string(100, '\0');
    }
    file.locked_by = -1;
    file.ranges.clear();
  }
  open_.clear();
}

std::vector<std::string> FaultEnv::names(const std::string& dir) {
  std::vector<std::string> out;
  for (const auto& [path, inode] : live_) {
    if (parent(path) == dir) out.push_back(path.substr(dir.size() + 1));
  }
  return out;
}

socbridge::Result<Fd> FaultEnv::open_file(const std::string& call, const std::string& path,
                                          bool create, bool exclusive) {
  if (const Status s = enter(call); !s.ok()) return s;
  auto found = live_.find(path);
  if (found != live_.end() && exclusive) return failure(call, EEXIST);
  if (found == live_.end()) {
    if (!create || !dirs_.contains(parent(path))) return failure(call, ENOENT);
    files_.emplace_back();
    found = live_.emplace(path, files_.size() - 1).first;
  }
  const int fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);  // a unique number
  open_[fd] = found->second;
  return Fd(fd);
}

socbridge::Result<Fd> FaultEnv::open_read(const std::string& p) {
  return open_file("open_read", p, false, false);
}
socbridge::Result<Fd> FaultEnv::create_new(const std::string& p, mode_t mode) {
  auto fd = open_file("create_new", p, true, true);
  if (!fd.ok()) return fd;
  File& file = files_.at(open_.at(fd->get()));
  file.mode = file.durable_mode = mode;
  return fd;
}
socbridge::Result<Fd> FaultEnv::open_append(const std::string& p, mode_t) {
  return open_file("open_append", p, true, false);
}
socbridge::Result<Fd> FaultEnv::open_rw(const std::string& p, mode_t) {
  return open_file("open_rw", p, true, false);
}

socbridge::Status FaultEnv::write_all(int fd, std::string_view bytes) {
  const Status s = enter("write");
  File& file = files_.at(open_.at(fd));
  if (!s.ok()) {  // a full disk takes a part
    file.data.append(bytes.substr(0, bytes.size() / 2));
    return s;
  }
  file.data.append(bytes);
  return {};
}

socbridge::Result<std::string> FaultEnv::read_all(int fd, std::size_t) {
  if (const Status s = enter("read"); !s.ok()) return s;
  return files_.at(open_.at(fd)).data;
}

socbridge::Status FaultEnv::fsync(int fd) {
  if (const Status s = enter("fsync"); !s.ok()) return s;
  File& file = files_.at(open_.at(fd));
  file.durable = file.data;
  file.durable_mode = file.mode;
  return {};
}

socbridge::Status FaultEnv::fsync_dir(const std::string& dir) {
  if (const Status s = enter("fsync_dir"); !s.ok()) return s;
  std::erase_if(durable_, [&](const auto& item) { return parent(item.first) == dir; });
  for (const auto& [path, inode] : live_) {
    if (parent(path) == dir) durable_[path] = inode;
  }
  return {};
}

socbridge::Status FaultEnv::rename(const std::string& from, const std::string& to) {
  if (const Status s = enter("rename"); !s.ok()) return s;
  const auto found = live_.find(from);
  if (found == live_.end()) return failure("rename", ENOENT);
  const std::size_t inode = found->second;
  live_.erase(found);
  live_[to] = inode;
  return {};
}

socbridge::Status FaultEnv::unlink(const std::string& path) {
  if (const Status s = enter("unlink"); !s.ok()) return s;
  return live_.erase(path) == 1 ? Status() : failure("unlink", ENOENT);
}

socbridge::Status FaultEnv::mkdir(const std::string& path, mode_t) {
  if (const Status s = enter("mkdir"); !s.ok()) return s;
  return dirs_.insert(path).second ? Status() : failure("mkdir", EEXIST);
}

socbridge::Result<FileInfo> FaultEnv::stat(const std::string& path) {
  if (const Status s = enter("stat"); !s.ok()) return s;
  FileInfo info;
  info.uid = ::geteuid();
  if (dirs_.contains(path)) {
    info.mode = S_IFDIR | 0700;
    return info;
  }
  const auto found = live_.find(path);
  if (found == live_.end()) return failure("stat", ENOENT);
  info.mode = S_IFREG | files_[found->second].mode;
  info.inode = found->second + 1;
  info.size = files_[found->second].data.size();
  info.mtime_ms = files_[found->second].mtime;
  return info;
}

socbridge::Result<FileInfo> FaultEnv::fstat(int fd) {
  if (const Status s = enter("fstat"); !s.ok()) return s;
  FileInfo info;
  info.uid = ::geteuid();
  const File& file = files_.at(open_.at(fd));
  info.mode = S_IFREG | file.mode;
  info.inode = open_.at(fd) + 1;
  info.size = file.data.size();
  info.mtime_ms = file.mtime;
  return info;
}

socbridge::Status FaultEnv::set_mtime_ms(int fd, std::int64_t ms) {
  if (const Status s = enter("utimens"); !s.ok()) return s;
  files_.at(open_.at(fd)).mtime = ms;
  return {};
}

socbridge::Status FaultEnv::set_mode(int fd, mode_t mode) {
  if (const Status s = enter("chmod"); !s.ok()) return s;
  files_.at(open_.at(fd)).mode = mode;
  return {};
}

socbridge::Result<std::vector<std::string>> FaultEnv::list_dir(const std::string& dir) {
  if (const Status s = enter("list"); !s.ok()) return s;
  return names(dir);
}

socbridge::Result<bool> FaultEnv::try_lock(int fd) {
  if (const Status s = enter("lock"); !s.ok()) return s;
  File& file = files_.at(open_.at(fd));
  if (file.locked_by >= 0 && file.locked_by != fd) return false;
  file.locked_by = fd;
  return true;
}

socbridge::Status FaultEnv::visit_dir(const std::string& dir,
                                      const std::function<bool(std::string_view)>& visit) {
  if (const Status s = enter("visit"); !s.ok()) return s;
  for (const std::string& name : names(dir)) {
    if (!visit(name)) break;
  }
  return {};
}

socbridge::Result<bool> FaultEnv::try_lock_range(int fd, std::uint64_t offset, std::uint64_t) {
  if (const Status s = enter("lock_range"); !s.ok()) return s;
  const auto [held, mine] = files_.at(open_.at(fd)).ranges.try_emplace(offset, fd);
  return mine || held->second == fd;
}

socbridge::Status FaultEnv::unlock_range(int fd, std::uint64_t offset, std::uint64_t) {
  if (const Status s = enter("unlock_range"); !s.ok()) return s;
  auto& ranges = files_.at(open_.at(fd)).ranges;
  const auto held = ranges.find(offset);
  if (held != ranges.end() && held->second == fd) ranges.erase(held);
  return {};
}

socbridge::Result<std::string> FaultEnv::read_at(int fd, std::uint64_t offset, std::size_t size) {
  if (const Status s = enter("read_at"); !s.ok()) return s;
  const std::string& data = files_.at(open_.at(fd)).data;
  return offset < data.size() ? data.substr(offset, size) : std::string();
}

socbridge::Status FaultEnv::write_at(int fd, std::uint64_t offset, std::string_view bytes) {
  if (const Status s = enter("write_at"); !s.ok()) return s;
  std::string& data = files_.at(open_.at(fd)).data;
  if (data.size() < offset + bytes.size()) data.resize(offset + bytes.size());
  data.replace(offset, bytes.size(), bytes);
  return {};
}

socbridge::Result<std::uint64_t> FaultEnv::free_bytes(const std::string&) { return free; }
socbridge::Result<std::uint64_t> FaultEnv::total_bytes(const std::string&) {
  return std::uint64_t{1} << 40;
}
